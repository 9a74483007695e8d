// Who has to be told that they are here (GDPR, article 14), when, and in which words.
import { useState } from 'preact/hooks'
import { useAnswer } from '../answers.js'
import { post } from '../api.js'
import { html } from '../html.js'
import { follow } from '../route.js'
import { full } from '../time.js'
import { Chip, Dialog, Empty, Failed, Loading, Time, toasts } from '../ui.js'

const RANGES = [['7', 'in a week'], ['30', 'in 30 days'], ['3650', 'at some time']]

// Somebody who was imported, or whom a lead is about.
const place = (d) => d.lead ? `/leads/${d.lead}` : `/people/${d.person}`
const nameOf = (d) => d.name ?? d.lead ?? `Number ${d.person}`

function Person({ due: d, onInformed }) {
	const late = Date.parse(d.due) < Date.now()
	return html`<li class="finding">
		<p class="meta"><${Chip} tone=${late ? 'hot' : 'plain'}>${late ? 'Late' : 'Due'}<//> <${Time} at=${d.due} />, here since ${full(d.since)}</p>
		<h3><a href=${place(d)} onClick=${follow}>${nameOf(d)}</a></h3>
		<p>${[d.kind, d.origin && `from ${d.origin}`, d.address ? `write to ${d.address}` : 'no address is known', d.language && `reads ${d.language}`].filter(Boolean).join('; ')}</p>
		${d.notice ? html`<details><summary>The words: ${d.notice.subject}</summary><pre class="yaml" tabindex="0">${d.notice.text}</pre></details>`
			: html`<p class="hint">No words for them yet: ${d.missing ?? 'none are configured'}</p>`}
		<div class="actions"><button onClick=${() => onInformed(d)}>They were told …</button></div>
	</li>`
}

export function Due() {
	const [days, setDays] = useState('30')
	const [lang, setLang] = useState('')
	const [asked, setAsked] = useState(null)
	const { found, problem, again } = useAnswer(`/privacy/due?notice=true&days=${days}${lang === '' ? '' : `&language=${encodeURIComponent(lang)}`}`)
	const informed = async () => {
		const who = asked
		setAsked(null)
		try {
			await post(`${place(who)}/informed`)
			toasts.say(`${nameOf(who)} was told: it is noted.`)
		} catch (why) {
			toasts.say(why.message, { tone: 'bad' })
		}
		again()
	}
	return html`<section class="figure" aria-label="To inform">
		<div class="figure-head"><h2>Who has to be told</h2>
			<label>Words in <input class="lang" value=${lang} size="6" maxlength="20" placeholder="theirs" autocomplete="off" autocapitalize="none" spellcheck=${false}
				onChange=${(e) => setLang(e.currentTarget.value.trim())} /></label>
			<label>Due <select value=${days} onChange=${(e) => setDays(e.currentTarget.value)}>${RANGES.map(([id, name]) => html`<option key=${id} value=${id}>${name}</option>`)}</select></label></div>
		<p class="hint">Whoever was imported, or whom a lead is about, has to be told within a month. hark sends none of it: somebody does, and notes it here.</p>
		${problem && html`<${Failed} problem=${problem} again=${again} />`}
		${found === null && problem === null && html`<${Loading} what="who has to be told" />`}
		${found?.items.length === 0 && html`<${Empty} title="Nobody has to be told"><p>Nobody is due in this time, or everybody was told.</p><//>`}
		${found?.items.length > 0 && html`<ul class="told">${found.items.map((d) => html`<${Person} key=${place(d)} due=${d} onInformed=${setAsked} />`)}</ul>`}
		${found?.next && html`<p class="hint">These are the first ${found.items.length}: more follow once they were told.</p>`}
		${asked && html`<${Dialog} title="Was ${nameOf(asked)} told?" onClose=${() => setAsked(null)}>
			<p>They are taken off this list, and the day is kept as a proof. That is not taken back here.</p>
			<div class="actions"><button class="main" autofocus onClick=${informed}>They were told</button><button onClick=${() => setAsked(null)}>Not yet</button></div><//>`}
	</section>`
}
