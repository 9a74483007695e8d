// The audit trail: who did what, in a chain of hashes that shows whether anything was changed afterwards.
import { useEffect, useState } from 'preact/hooks'
import { cameOf, useTask } from '../answers.js'
import { get } from '../api.js'
import { html } from '../html.js'
import { Empty, Failed, Loading, Time } from '../ui.js'

function Verdict({ check }) {
	if (check.whole) {
		return html`<p role="status"><strong>Whole.</strong> ${check.entries === 1 ? 'One entry' : `${check.entries} entries`}, and none was changed or taken out.
			Its head is <code>${check.head}</code>: kept elsewhere, it shows later that nothing before it was rewritten.</p>`
	}
	return html`<p class="failed" role="alert">${check.broken > 0 ? `The chain is broken at entry ${check.broken}: that one, or one before it, was changed.`
		: 'That head is not in the trail: what was there then was rewritten or cut off.'}</p>`
}

function Check() {
	const [head, setHead] = useState('')
	const [state, check, forget] = useTask(() => get(`/audit/check${head.trim() === '' ? '' : `?head=${encodeURIComponent(head.trim())}`}`))
	const submit = (event) => {
		event.preventDefault()
		check()
	}
	return html`<form class="line" onSubmit=${submit}>
			<label>A head from before, if you kept one <input value=${head} maxlength="128" autocomplete="off" spellcheck=${false} onInput=${(e) => { setHead(e.currentTarget.value); forget() }} /></label>
			<button class="main" disabled=${state === 'under way'}>Check the trail</button></form>
		${state === 'under way' && html`<${Loading} what="every entry" />`}
		${state instanceof Error && html`<${Failed} problem=${state} again=${check} />`}
		${cameOf(state) && html`<${Verdict} check=${state} />`}`
}

export function Trail() {
	const [items, setItems] = useState([])
	const [page, more] = useTask(async (cursor) => {
		const answer = await get(`/audit${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`)
		setItems((before) => (cursor ? before.concat(answer.items) : answer.items))
		return answer
	})
	useEffect(() => {
		more()
	}, [])
	return html`<section class="figure" aria-label="Audit trail">
		<h2>Audit trail</h2><${Check} />
		${items.length > 0 && html`<div class="wide-table" tabindex="0" role="region" aria-label="Entries, the newest first"><table>
			<thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Whom or what</th><th scope="col">Note</th></tr></thead>
			<tbody>${items.map((e) => html`<tr key=${e.id}><td><${Time} at=${e.at} /></td><td>${e.actor ?? 'hark'}</td><td>${e.action}</td><td>${e.target}</td><td>${e.note}</td></tr>`)}</tbody></table></div>`}
		${page === 'under way' && html`<${Loading} what="the entries" />`}
		${page instanceof Error && html`<${Failed} problem=${page} again=${() => more()} />`}
		${cameOf(page) && items.length === 0 && html`<${Empty} title="Nothing is in it yet"><p>Whatever somebody does is written here.</p><//>`}
		${cameOf(page)?.next && html`<p><button onClick=${() => more(page.next)}>Show more</button></p>`}
	</section>`
}
