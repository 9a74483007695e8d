import { html } from '../html.js'
import { follow } from '../route.js'
import { Chip, Empty, Failed, Loading, Time } from '../ui.js'

export const STATES = { live: ['live', 'good'], shadow: ['on trial', 'busy'], retired: ['retired', 'plain'], inactive: ['off: a list is missing', 'hot'] }

export function StatusChip({ status }) {
	const [name, tone] = STATES[status] ?? [status, 'plain']
	return html`<${Chip} tone=${tone}>${name}<//>`
}

export function count(n, one, many = one + 's') {
	return n === 1 ? `1 ${one}` : `${n.toLocaleString('en')} ${many}`
}

export function precision({ judged, relevant }) {
	return judged ? `${Math.round(100 * relevant / judged)} % of ${judged} relevant` : 'not judged yet'
}

function Row({ rule, chosen, draft, onOpen }) {
	const open = (event) => {
		follow(event)
		onOpen(rule.id)
	}
	return html`<li><a class="row" href="/rules/${rule.id}" data-rule=${rule.id} aria-current=${chosen ? 'true' : undefined} onClick=${open}>
		<span class="row-top"><span>${rule.kind}</span><${StatusChip} status=${rule.status} />${draft && html`<${Chip} tone="hot">not saved<//>`}
			${rule.pack && html`<span>comes with hark</span>`}</span>
		<span class="row-title">${rule.title || rule.id}</span>
		<span class="row-foot"><span>${count(rule.matches, 'match', 'matches')}</span><span>${precision(rule)}</span>
			${rule.last_match ? html`<${Time} at=${rule.last_match} />` : html`<span>never matched</span>`}</span></a></li>`
}

function Rows({ rules, chosen, admin, onOpen }) {
	const shown = rules.shown()
	if (rules.problem !== null && rules.items === null) {
		return html`<${Failed} problem=${rules.problem} again=${() => rules.load()} />`
	}
	if (rules.items === null) {
		return html`<${Loading} what="the rules" />`
	}
	if (rules.items.length === 0) {
		return html`<${Empty} title="There are no rules yet"><p>${admin ? 'Write the first one: it is tried on what is stored while you type.' : 'An admin writes them.'}</p><//>`
	}
	if (shown.length === 0) {
		return html`<p>No rule is like that.</p>`
	}
	return html`<ul class="rows">${shown.map((r) => html`<${Row} key=${r.id} rule=${r} chosen=${r.id === chosen} draft=${rules.drafts.has(r.id)} onOpen=${onOpen} />`)}</ul>`
}

export function List({ rules, chosen, admin, onOpen, onNew }) {
	return html`<section class="list" aria-label="All rules">
		<div class="filters">
			<label class="find">Find <input type="search" value=${rules.words} onInput=${(e) => rules.filter({ words: e.currentTarget.value })} /></label>
			<label>State <select value=${rules.status} onChange=${(e) => rules.filter({ status: e.currentTarget.value })}>
				<option value="">any</option>${Object.entries(STATES).map(([id, [name]]) => html`<option value=${id}>${name}</option>`)}</select></label>
			${admin && html`<button class="main new-rule" onClick=${onNew}>New rule</button>`}
		</div>
		<${Rows} rules=${rules} chosen=${chosen} admin=${admin} onOpen=${onOpen} />
	</section>`
}
