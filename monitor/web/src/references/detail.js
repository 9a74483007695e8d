// One reference: what was said and stands, where it stands, what may be done, and what was.
import { html } from '../html.js'
import { Reminder } from '../leads/evidence.js'
import { webAddress } from '../links.js'
import { Chip, Day, Failed, Loading, Time } from '../ui.js'
import { Beside } from './beside.js'
import { Verdict } from './board.js'
import { refusal, STEPS } from './steps.js'
import { deskAction, partWord, permissionWord, toneWord } from './words.js'

const MAIN = ['ask', 'grant', 'sign', 'use', 'fulfil']

export function StepButtons({ steps, possible, act, busy, children }) {
	return html`<div class="actions" role="group" aria-label="What to do with it">
		${steps.filter(([step]) => possible(step) === null).map(([step, name, key], i) => html`<button key=${step} class=${i === 0 && MAIN.includes(step) ? 'main' : ''}
			data-step=${step} disabled=${busy} onClick=${() => act(step)}>${name} <kbd aria-hidden="true">${key}</kbd></button>`)}
		${children}
	</div>`
}

export function Facts({ rows }) {
	return html`<dl class="facts">${rows.filter(([, value]) => value).map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

export function Events({ events }) {
	return html`<h3>History</h3><ol class="history">${events.map((e) => html`<li><${Time} at=${e.at} /> ${e.actor ?? 'hark'} ${deskAction(e.action)}${e.note ? `: ${e.note}` : ''}</li>`)}</ol>`
}

function Against({ reference: r }) {
	return html`<h3>May they be asked?</h3><p><${Verdict} reference=${r} /></p>
		${r.guard.verdicts.length > 0 && html`<ul class="history">${r.guard.verdicts.map((v) => html`<li key=${v.cause}>${v.blocks ? '' : 'Only so that you know: '}${v.why}${v.next_free && html`, until <${Day} at=${v.next_free} />`}</li>`)}</ul>`}
		${(r.guard.cases_as_of || r.guard.deals_as_of) && html`<p class="hint">Cases as of ${r.guard.cases_as_of ?? 'no import'}, opportunities as of ${r.guard.deals_as_of ?? 'no import'}.</p>`}`
}

function Evidence({ statement: w, consent }) {
	const address = webAddress(w.url)
	const isPrivate = w.visibility === 'private'
	return html`<article class="finding" data-statement=${w.id}>
		<p class="meta"><${Chip} tone=${w.tone === 'negative' ? 'hot' : 'plain'}>${toneWord(w.tone)}<//>
			${consent && html` <${Chip} tone="good">They agreed to this text<//>`}
			${w.deleted ? html` <${Chip} tone="hot">Deleted where it stood<//>` : !w.stands && html` <${Chip} tone="hot">It says something else now<//>`}
			${w.regulated && html` <${Chip} tone=${w.signed_by ? 'plain' : 'hot'}>${w.signed_by ? `Signed by ${w.signed_by}` : 'Waits for compliance'}<//>`}
			${w.historic && html` <${Chip}>From a first poll<//>`}</p>
		${w.text ? html`<blockquote><p class="post-text">${w.text}</p></blockquote>` : html`<p class="hint">Its text is not kept any more.</p>`}
		${(w.parts ?? []).filter((p) => p.text).map((p) => html`<p class="limit" key=${p.part + p.text}><strong>${partWord(p.part)}:</strong> ${p.text}</p>`)}
		<p class="meta">${w.author && `${w.author} `}on ${w.source}${w.said && html`, said <${Time} at=${w.said} />`}, captured <${Time} at=${w.captured} />${w.edited && html`, edited <${Time} at=${w.edited} />`}</p>
		<p class="meta">SHA-256 <code>${w.sha256}</code></p>
		${(address || isPrivate) && html`<div class="answer">${address && html`<a class="button" href=${address} target="_blank" rel="noopener noreferrer">Open the post</a>`}
			<${Reminder} post=${{ private: isPrivate }} /></div>`}
	</article>`
}

function Whole({ reference: r, me, act, busy }) {
	const [word, tone] = permissionWord(r.permission)
	const facts = [
		['Title', r.title], ['Account', r.account_name], ['Authority', `${r.authority}${r.authoriser ? `; ${r.authoriser} authorises` : ''}`],
		['Owner', r.owner ?? 'nobody'], ['Gatekeeper', r.orphaned ? `nobody: ${r.orphan_why ?? 'who kept it has left'}` : r.gatekeeper ?? 'nobody'], ['Second', r.second],
		['Agreed to', r.scope], ['Until', r.expires && html`<${Time} at=${r.expires} />`],
		['Waiting for', r.ask_to && html`${r.ask_to}, until <${Time} at=${r.ask_due} />`],
		['On hold', r.hold_until && html`${r.hold_reason} by ${r.held_by}, until <${Time} at=${r.hold_until} />`],
		['Rests until', r.rest_until && html`<${Time} at=${r.rest_until} />`],
		['Found by', r.origin === 'human' ? `${r.nominated_by}, who put them up` : 'a rule'], ['Score', String(r.score)],
	]
	return html`
		<p class="meta"><${Chip} tone=${tone}>${word}<//> <${Chip}>${toneWord(r.tone)}<//> since <${Time} at=${r.since} /></p>
		<h2 tabindex="-1" data-heading>${r.name}</h2>
		<${StepButtons} steps=${STEPS} possible=${(step) => refusal(r, step, me)} act=${act} busy=${busy}>
			${me.role === 'viewer' && html`<p class="hint">You may look at references; to work them, ask for another role.</p>`}<//>
		<${Against} reference=${r} />
		<${Facts} rows=${facts} />
		<h3>What they said</h3>
		${r.statements.length === 0 && !r.withheld && html`<p class="hint">Nothing that hark has read.</p>`}
		${r.statements.map((w) => html`<${Evidence} key=${w.id} statement=${w} consent=${w.id === r.consent_statement} />`)}
		${r.withheld && html`<p class="reminder">${r.withheld === 1 ? 'One statement waits' : `${r.withheld} statements wait`} for compliance and ${r.withheld === 1 ? 'is' : 'are'} not for your role.</p>`}
		<${Beside} key=${r.id} reference=${r} me=${me} />
		<${Events} events=${r.history} />`
}

// The frame of what is looked at: nothing, on its way, failed, or there.
export function Pane({ records, what, choose, onBack, children }) {
	if (records.selected === null) {
		return html`<section class="detail none" aria-label=${what}><p class="notice">${choose} <kbd>j</kbd> and <kbd>k</kbd> move, <kbd>?</kbd> shows every key.</p></section>`
	}
	return html`<section class="detail" aria-label=${what}><button class="back" onClick=${onBack}>Back to the list</button>
		${records.failure ? html`<${Failed} problem=${records.failure} again=${() => records.fetch(records.selected)} />` : records.detail ? children : html`<${Loading} what=${what.toLowerCase()} />`}
	</section>`
}

export function Detail({ records, me, act, onBack }) {
	return html`<${Pane} records=${records} what="The reference" choose="Choose somebody." onBack=${onBack}>
		${records.detail && html`<${Whole} reference=${records.detail} me=${me} act=${act} busy=${records.busy} />`}<//>`
}
