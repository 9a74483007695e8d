import { html } from '../html.js'
import { webAddress } from '../links.js'
import { follow } from '../route.js'
import { Chip, Day, Failed, Loading, Time } from '../ui.js'
import { span } from '../time.js'
import { actionWord, kindWord, stateWord, whyWords } from '../words.js'
import { Evidence, Reminder } from './evidence.js'
import { refusal } from './steps.js'

const BUTTONS = [
	['claim', 'Claim', 'c'], ['answer', 'Answered', 'e'], ['won', 'Won', 'w'], ['lost', 'Lost', 'l'],
	['snooze', 'Snooze', 'h'], ['assign', 'Assign', 'a'], ['star', 'Star', 's'], ['dismiss', 'Not relevant', '#'], ['release', 'Give back', 'r'],
]

function Actions({ lead, me, act }) {
	const possible = BUTTONS.filter(([step]) => refusal(lead, step, me) === null)
	const taken = lead.state === 'claimed' && lead.claim?.by !== me.user
	return html`<div class="actions" role="group" aria-label="What to do with it">
		${possible.map(([step, name, key], i) => html`<button key=${step} class=${i === 0 ? 'main' : ''} data-step=${step}
			onClick=${() => act(step)} aria-pressed=${step === 'star' ? String(lead.starred === true) : undefined}>${name} <kbd aria-hidden="true">${key}</kbd></button>`)}
		${taken && html`<p class="hint">${lead.claim.by} has claimed it${lead.claim.until && html`, until <${Time} at=${lead.claim.until} />`}.</p>`}
		${me.role === 'viewer' && html`<p class="hint">You may look at leads; to work them, ask for another role.</p>`}
	</div>`
}

function Facts({ lead }) {
	const who = lead.person?.name ?? lead.subject?.name
	const rows = [
		['About', who && html`${who}${lead.person?.known_by && html` <span class="hint">known by ${lead.person.known_by}</span>`}`],
		['Account', lead.account && `${lead.account.name}${lead.account.type ? ` (${lead.account.type})` : ''}`],
		['Owner', lead.owner],
		['Claimed by', lead.claim?.by],
		['Snoozed until', lead.snoozed_until && html`<${Time} at=${lead.snoozed_until} />`],
		['Reason', lead.reason],
		['Outcome', lead.outcome?.value !== undefined && `${lead.outcome.value} ${lead.outcome.currency ?? ''}`],
		['Rule', lead.rule],
		['Lawful basis', lead.lawful_basis],
	].filter(([, value]) => value)
	return html`<dl class="facts">${rows.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

function tieWords({ name, to, people, since }) {
	const whom = to === 'person' ? 'them' : people === 1 ? 'somebody there' : `${people} people there`
	return `${name} knows ${whom}${since && (to === 'person' || people === 1) ? ` since ${since}` : ''}`
}

function rivalWords({ name, known_by: by, ours, ahead_ms: ahead }) {
	const long = span(0, Math.abs(ahead))
	return `${name} (by ${by}) spoke in the thread ${ours === undefined ? `${long} ago, and nobody of ours has` : ahead < 0 ? `${long} after us` : `${long} before us`}`
}

// Who of ours knows them, who else speaks with them: what to know before anybody writes.
function Around({ detail: { asked, reference: known, ties = [], rivals = [], referrals = [] } }) {
	if (asked === undefined && known === undefined && ties.length + rivals.length + referrals.length === 0) {
		return null
	}
	return html`<h3>Before you answer</h3><ul class="around">
		${asked && html`<li>They are asked for <a href="/references/${asked.reference}" onClick=${follow}>as a reference</a>: speak with ${asked.by} first${asked.until && html`, who has until <${Time} at=${asked.until} />`}.</li>`}
		${known && !asked && html`<li>They are <a href="/references/${known.id}" onClick=${follow}>a reference</a>, ${known.may_ask ? `and may be asked for more through ${known.ask_through}`
			: html`and nobody asks them for more now: ${known.why}${known.next_free && html`, free again <${Day} at=${known.next_free} />`}`}.</li>`}
		${referrals.map((r) => html`<li key=${r.code}>Referred ${r.by ? `by ${r.by}, ` : ''}with ${r.code}: ${r.offer}${webAddress(r.url) && html` <a href=${webAddress(r.url)} target="_blank" rel="noopener noreferrer">Open</a>`}. Disclose: ${r.disclosure}</li>`)}
		${ties.map((t) => html`<li key=${t.colleague}>${tieWords(t)}</li>`)}
		${rivals.map((r) => html`<li key=${r.name + r.at}>${rivalWords(r)}${webAddress(r.url) && html` <a href=${webAddress(r.url)} target="_blank" rel="noopener noreferrer">Open</a>`}</li>`)}
	</ul>${ties.length === 0 && rivals.length > 0 && html`<${Reminder} post=${{}} />`}${ties.length > 0 && html`<p class="reminder">A word from a colleague they know may be worth more than a public answer. Who answers in public says who they are and that they work for us.</p>`}`
}

const CLOCKS = [['posted', 'Posted'], ['seen', 'Seen by hark'], ['alerted', 'Alerted'], ['claimed', 'Claimed'], ['answered', 'Answered'], ['closed', 'Closed']]

function Clocks({ clocks }) {
	const start = clocks.posted ?? clocks.seen
	return html`<h3>Clocks</h3><table><thead><tr><th scope="col">Step</th><th scope="col">When</th><th scope="col">After the post</th></tr></thead>
		<tbody>${CLOCKS.filter(([id]) => clocks[id]).map(([id, name]) => html`<tr key=${id}><th scope="row">${name}</th>
			<td><${Time} at=${clocks[id]} /></td><td>${clocks[id] === start ? '' : span(start, clocks[id])}</td></tr>`)}</tbody></table>`
}

function Score({ lead }) {
	if (!lead.score_made_of?.length) {
		return null
	}
	return html`<h3>Score ${lead.score}</h3><table><thead><tr><th scope="col">What</th><th scope="col">Points</th></tr></thead>
		<tbody>${lead.score_made_of.map((p) => html`<tr key=${p.symbol}><th scope="row">${p.why}</th>
			<td>${p.points > 0 ? '+' : ''}${p.points}</td></tr>`)}</tbody></table>`
}

function History({ events }) {
	return html`<h3>History</h3><ol class="history">${events.map((e) => html`<li>
		<${Time} at=${e.at} /> ${e.actor ?? 'hark'} ${actionWord(e.action)}${e.note ? `: ${e.note}` : ''}</li>`)}</ol>`
}

function Known({ detail, act, me }) {
	return html`
		${detail.evidence_gone && html`<p class="reminder" role="note">Every post behind this lead was deleted or edited. It may not be one any more.</p>`}
		<${Around} detail=${detail} />
		<h3>Evidence</h3>
		${detail.signals.map((f, i) => html`<${Evidence} key=${f.id} finding=${f} first=${i === 0} />`)}
		${me.role !== 'viewer' && html`<div class="verdict" role="group" aria-label="Was it worth it?"><span>Was it worth it?</span>
			<button onClick=${() => act('good')}>Yes</button><button onClick=${() => act('bad')}>No</button></div>`}
		<${Score} lead=${detail} />
		<${Clocks} clocks=${detail.clocks} />
		<${History} events=${detail.history} />`
}

export function Detail({ queue, me, act, onBack }) {
	const { lead } = queue
	const detail = queue.details.get(queue.selected)
	const failed = detail instanceof Error
	if (queue.selected === null) {
		return html`<section class="detail none" aria-label="The lead"><p class="notice">Choose a lead. <kbd>j</kbd> and <kbd>k</kbd> move, <kbd>?</kbd> shows every key.</p></section>`
	}
	if (lead === null) {
		return html`<section class="detail" aria-label="The lead"><button class="back" onClick=${onBack}>Back to the list</button>
			${failed ? html`<${Failed} problem=${detail} again=${() => queue.fetch(queue.selected)} />` : html`<${Loading} what="the lead" />`}</section>`
	}
	const [word, tone] = stateWord(lead.state)
	return html`<section class="detail" aria-label="The lead">
		<button class="back" onClick=${onBack}>Back to the list</button>
		<p class="meta"><${Chip} tone=${tone}>${word}<//> <${Chip}>${kindWord(lead.kind)}<//>
			${lead.historic && html`<${Chip}>From a first poll<//>`} ${lead.held && html`<${Chip} tone="hot">Held for compliance<//>`}
			${(lead.flags ?? []).map((f) => html`<${Chip} key=${f}>${f}<//>`)}</p>
		<h2 tabindex="-1" data-heading>${lead.title || lead.subject?.name || lead.id}</h2>
		<p class="why"><strong>Why:</strong> ${whyWords(lead.why)}</p>
		<${Actions} lead=${lead} me=${me} act=${act} />
		<${Facts} lead=${lead} />
		${failed ? html`<${Failed} problem=${detail} again=${() => queue.fetch(lead.id)} />`
			: detail ? html`<${Known} detail=${{ ...detail, ...lead }} act=${act} me=${me} />` : html`<${Loading} what="the evidence" />`}
	</section>`
}
