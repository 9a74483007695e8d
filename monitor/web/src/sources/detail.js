import { useState } from 'preact/hooks'
import { html } from '../html.js'
import { webAddress } from '../links.js'
import { Chip, Dialog, Failed, Loading, Time } from '../ui.js'
import { Coverage } from './coverage.js'
import { Trial } from './trial.js'
import { dueLater, every, health } from './words.js'

function AskRemove({ source, onDone, onClose }) {
	return html`<${Dialog} title="Take ${source.name} out?" onClose=${onClose}>
		<p>hark does not ask it any more. What was read from it stays, and it can be added again.</p>
		<div class="actions"><button class="main" autofocus onClick=${onDone}>Take it out</button><button onClick=${onClose}>Keep it</button></div>
	<//>`
}

function Actions({ source, sources, onRemoved }) {
	const [asking, setAsking] = useState(false)
	const remove = async () => {
		setAsking(false)
		if (await sources.remove(source.name)) {
			onRemoved()
		}
	}
	const pushed = source.push !== undefined
	const buttons = [
		!pushed && !source.paused && ['Poll now', 'p', () => sources.act('poll')],
		source.paused ? ['Resume', 'z', () => sources.act('resume')] : ['Pause', 'z', () => sources.act('pause')],
		!pushed && ['Try it', 't', () => sources.try()],
		source.removable && ['Take it out …', null, () => setAsking(true)],
	].filter(Boolean)
	return html`<div class="actions" role="group" aria-label="What to do with it">${buttons.map(([name, key, run], i) => html`<button
		key=${name} class=${i === 0 ? 'main' : ''} onClick=${run}>${name}${key && html` <kbd aria-hidden="true">${key}</kbd>`}</button>`)}
		${asking && html`<${AskRemove} source=${source} onDone=${remove} onClose=${() => setAsking(false)} />`}</div>`
}

function Facts({ source }) {
	const address = webAddress(source.url)
	const time = (at) => at && html`<${Time} at=${at} />`
	const rows = [
		['Address', source.url && (address ? html`<a href=${address} target="_blank" rel="noopener noreferrer">${source.url}</a>` : source.url)],
		['Connector', source.connector],
		['Next due', source.paused ? 'when it is resumed' : source.push ? 'when something is sent to it' : time(dueLater(source)) ?? 'now'],
		['Asked every', !source.push && every(source.interval_ms || source.every_ms)],
		['Last asked', time(source.polled)],
		['Last good answer', time(source.heard)],
		['Last item', time(source.changed) ?? 'none yet'],
		['Posts so far', String(source.posts)],
		['Authors who opted out', source.opted_out > 0 && String(source.opted_out)],
		['Sent to', source.sent_to && html`<code>${source.sent_to}</code>`],
		['Stands for', source.stands_for],
		['Written in', source.file && `${source.file}, line ${source.line}`],
	].filter(([, value]) => value)
	return html`<dl class="facts">${rows.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

function Trouble({ source }) {
	const times = source.failures === 1 ? 'Once' : `${source.failures} times in a row`
	return html`
		${source.error && html`<p class="reminder" role="note"><strong>Last error:</strong> ${source.error}
			${source.error_at && html` <${Time} at=${source.error_at} />`}${source.failures > 0 && ` ${times}.`}</p>`}
		${source.alarms.map((a) => html`<p class="reminder" role="note">${a.text || a.alarm}, since <${Time} at=${a.raised} /></p>`)}
		${source.degraded && html`<p class="reminder" role="note"><strong>Damaged:</strong> ${source.degraded}</p>`}
		${source.noted && html`<p class="hint">Left out: ${source.noted}</p>`}
		${source.moved_to && html`<p class="hint">It has moved to ${source.moved_to}: change its address.</p>`}`
}

export function Detail({ sources, admin, onBack, onRemoved }) {
	const { selected } = sources
	const detail = sources.details.get(selected)
	if (selected === null) {
		return html`<section class="detail none" aria-label="The source"><p class="notice">Choose a source. <kbd>j</kbd> and <kbd>k</kbd> move, <kbd>?</kbd> shows every key.</p></section>`
	}
	const source = detail instanceof Error ? null : detail ?? sources.source
	const back = html`<button class="back" onClick=${onBack}>Back to the list</button>`
	if (source === null || source === undefined) {
		return html`<section class="detail" aria-label="The source">${back}
			${detail instanceof Error ? html`<${Failed} problem=${detail} again=${() => sources.fetch(selected)} />` : html`<${Loading} what="the source" />`}</section>`
	}
	const [word, tone, sentence] = health(source)
	return html`<section class="detail" aria-label="The source">
		${back}
		<p class="meta"><${Chip} tone=${tone}>${word}<//></p>
		<h2 tabindex="-1" data-heading>${source.name}</h2>
		<p class="why">${sentence}</p>
		<${Trouble} source=${source} />
		${admin && html`<${Actions} key=${selected} source=${source} sources=${sources} onRemoved=${onRemoved} />`}
		<${Trial} trial=${sources.trials.get(selected)} again=${() => sources.try()} />
		<${Facts} source=${source} />
		<${Coverage} source=${source} />
	</section>`
}
