// Somebody asks what is held about them, or wants it gone: look first, then give it, stop or erase.
import { useState } from 'preact/hooks'
import { cameOf, useTask } from '../answers.js'
import { post } from '../api.js'
import { html } from '../html.js'
import { webAddress } from '../links.js'
import { Chip, Dialog, Failed, Loading, Time } from '../ui.js'

const COUNTS = [
	['people', 'People who were imported, with their jobs and addresses'], ['accounts', 'Accounts that they post from'], ['profiles', 'Profiles'],
	['moves', 'Job moves'], ['posts', 'Posts'], ['posts_of_others', 'Posts of others that name or repeat them: the text goes'], ['leads', 'Leads about them'],
	['leads_changed', 'Leads that rest on others as well: what came from them goes'], ['alerts', 'Alerts'], ['other', 'Other records'],
]

function Counts({ counts, caption }) {
	const rows = COUNTS.filter(([id]) => counts[id] > 0)
	return rows.length === 0 ? html`<p role="status">Nothing is held about them.</p>`
		: html`<table><caption class="unseen">${caption}</caption><thead><tr><th scope="col">What</th><th scope="col">How many</th></tr></thead>
			<tbody>${rows.map(([id, name]) => html`<tr key=${id}><th scope="row">${name}</th><td class="number">${counts[id]}</td></tr>`)}</tbody></table>`
}

// A name alone may be several people: what it hits is shown, and somebody has to say that it is them.
function Hits({ hits, sure, onSure }) {
	return html`<h3>A name alone may be several people</h3>
		<p>This is all that the name hits:</p>
		<ul class="history">${hits.map((h) => html`<li>${h.name} in ${h.source}: ${h.posts === 1 ? 'one post' : `${h.posts} posts`}
			<ul>${h.examples.map((e) => html`<li><${Time} at=${e.at} /> ${e.text} ${e.private && html`<${Chip} tone="hot">Not public<//>`}
				${webAddress(e.url) && html` <a href=${webAddress(e.url)} target="_blank" rel="noopener noreferrer">Open</a>`}</li>`)}</ul></li>`)}</ul>
		<label class="check"><input type="checkbox" checked=${sure} onChange=${(e) => onSure(e.currentTarget.checked)} /> <span>All of this is theirs</span></label>`
}

// The file is made here and never leaves the browser but into the folder for downloads.
function save(name, record) {
	const url = URL.createObjectURL(new Blob([JSON.stringify(record, null, '\t')], { type: 'application/json' }))
	const link = Object.assign(document.createElement('a'), { href: url, download: name })
	link.click()
	URL.revokeObjectURL(url)
}

function AskReason({ onDone, onClose }) {
	const submit = (event) => {
		event.preventDefault()
		const reason = new FormData(event.currentTarget).get('reason').trim()
		onDone(reason === '' ? {} : { reason })
	}
	return html`<${Dialog} title="Leave them alone from now on?" onClose=${onClose}>
		<form class="stack" onSubmit=${submit}>
			<p>Nothing of theirs is matched, kept or sent any more. What is held stays until it is erased. This is not taken back here.</p>
			<label>Why, if you like <input name="reason" maxlength="500" autocomplete="off" autofocus /></label>
			<p class="line"><button class="main">Leave them alone</button> <button type="button" onClick=${onClose}>Cancel</button></p>
		</form><//>`
}

const WORD = 'erase'

function AskErase({ counts, onDone, onClose }) {
	const [typed, setTyped] = useState('')
	const submit = (event) => {
		event.preventDefault()
		if (typed.trim().toLowerCase() === WORD) {
			onDone()
		}
	}
	return html`<${Dialog} title="Erase all of it?" onClose=${onClose}>
		<form class="stack" onSubmit=${submit}>
			<p><strong>Nobody can take this back.</strong> They are also left alone from now on.</p>
			<${Counts} counts=${counts} caption="What is erased" />
			<label>Write ${WORD} to go on <input value=${typed} autocomplete="off" autocapitalize="none" spellcheck=${false} autofocus onInput=${(e) => setTyped(e.currentTarget.value)} /></label>
			<p class="line"><button class="main" disabled=${typed.trim().toLowerCase() !== WORD}>Erase</button> <button type="button" onClick=${onClose}>Keep it</button></p>
		</form><//>`
}

function Done({ done }) {
	const { what, answer } = done
	if (what === 'export') {
		const sections = Object.entries(answer.data)
		return html`<p role="status">${sections.length === 0 ? 'The file is saved: nothing is held about them.'
			: `The file is saved: ${sections.map(([name, rows]) => `${rows.length} of ${name}`).join(', ')}.`}</p>`
	}
	return html`<div role="status">${what === 'opt-out' ? html`<p>${answer.opt_outs > 0 ? 'They are left alone from now on.' : 'They were left alone already.'}</p>`
		: html`<p><strong>Erased.</strong></p><${Counts} counts=${answer} caption="What was erased" />
			<p class="hint">Not in reach: backups (what is erased is erased again where one is put back), files that lists were imported from, and messages that were delivered.</p>`}</div>`
}

// What is done once it has been looked at.
function Steps({ who, mentions, counts }) {
	const byName = counts.by_name !== undefined
	const [sure, setSure] = useState(false)
	const [ask, setAsk] = useState(null) // 'opt-out', 'erase'
	const [done, run] = useTask(async (what, more) => {
		const answer = await post(`/privacy/${what}`, { who, ...(byName && { confirmed: true }), ...more })
		if (what === 'export') {
			save(`held-${answer.made.slice(0, 10)}.json`, answer)
		}
		return { what, answer }
	})
	const start = (what, more) => {
		setAsk(null)
		run(what, more)
	}
	const held = byName && !sure
	return html`
		<h2>What is held</h2>
		<${Counts} counts=${counts} caption="What is held" />
		${byName && html`<${Hits} hits=${counts.by_name} sure=${sure} onSure=${setSure} />`}
		<div class="actions" role="group" aria-label="What to do">
			<button class="main" disabled=${held || done === 'under way'} onClick=${() => start('export')}>Save it as a file for them</button>
			<button disabled=${held || done === 'under way'} onClick=${() => setAsk('opt-out')}>Leave them alone …</button>
			<button disabled=${held || done === 'under way'} onClick=${() => setAsk('erase')}>Erase it …</button></div>
		${held && html`<p class="hint">Say first that all of it is theirs.</p>`}
		${done === 'under way' && html`<${Loading} what="what came of it" />`}
		${done instanceof Error && html`<${Failed} problem=${done} />`}
		${cameOf(done) && html`<${Done} done=${done} />`}
		${ask === 'opt-out' && html`<${AskReason} onDone=${(more) => start('opt-out', more)} onClose=${() => setAsk(null)} />`}
		${ask === 'erase' && html`<${AskErase} counts=${counts} onDone=${() => start('erase', { dry_run: false, mentions })} onClose=${() => setAsk(null)} />`}`
}

export function Who() {
	const [words, setWords] = useState('')
	const [mentions, setMentions] = useState(true)
	const who = words.split('\n').map((w) => w.trim()).filter(Boolean)
	const [seen, look, forget] = useTask(async () => ({ who, mentions, counts: await post('/privacy/erase', { who, mentions }) }))
	const submit = (event) => {
		event.preventDefault()
		look()
	}
	const change = (set) => (value) => {
		set(value)
		forget()
	}
	return html`<section class="figure" aria-label="Somebody asks">
		<h2>Somebody asks what is held about them, or wants it gone</h2>
		<form class="stack" onSubmit=${submit}>
			<label>Who it is, one a line <textarea rows="3" required maxlength="20000" autocomplete="off" spellcheck=${false} value=${words} data-who aria-describedby="who-hint"
				onInput=${(e) => change(setWords)(e.currentTarget.value)}></textarea></label>
			<span class="hint" id="who-hint">@handle, @handle@host, an e-mail address, the link of a profile, the number of somebody who was imported, or${' '}
				<code>name:Jane Doe</code> for somebody who has none of these. It is in no address and no log.</span>
			<label class="check"><input type="checkbox" checked=${mentions} onChange=${(e) => change(setMentions)(e.currentTarget.checked)} />
				<span>Look into what others wrote, too</span></label>
			<div><button class=${cameOf(seen) ? '' : 'main'} disabled=${seen === 'under way'}>Look</button></div>
		</form>
		${seen === 'under way' && html`<${Loading} what="what is held" />`}
		${seen instanceof Error && html`<${Failed} problem=${seen} />`}
		${cameOf(seen) && html`<${Steps} key=${JSON.stringify([seen.who, seen.mentions])} ...${seen} />`}
	</section>`
}
