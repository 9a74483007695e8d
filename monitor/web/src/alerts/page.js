// How alerts reach people: receivers, what was given up or kept back, and what is kept quiet.
import { useEffect, useState } from 'preact/hooks'
import { cameOf, useAnswer, useTask } from '../answers.js'
import { post, watch } from '../api.js'
import { Form } from '../form.js'
import { html } from '../html.js'
import { follow } from '../route.js'
import { Chip, Empty, Failed, Loading, Time, toasts } from '../ui.js'
import { KIND_NAMES, kindWord } from '../words.js'

async function tell(run, said) {
	try {
		const answer = await run()
		toasts.say(typeof said === 'function' ? said(answer) : said)
		return answer
	} catch (why) {
		toasts.say(why.message, { tone: 'bad' })
		return null
	}
}

// The rows, or why there are none.
function Rows({ answer: { found, problem, again }, what, none, children }) {
	if (found === null) {
		return problem ? html`<${Failed} problem=${problem} again=${again} />` : html`<${Loading} what=${what} />`
	}
	return found.items.length === 0 ? none : html`<div class="wide-table" tabindex="0" role="region" aria-label=${what}>${children(found.items)}</div>`
}

// ---- receivers ----

const STATES = {
	ok: ['Well', 'good'], resting: ['Resting: it did not take the last ones', 'hot'], disabled: ['Turned off', 'plain'], unsubscribed: ['Wants no mails', 'plain'],
}

function Tested({ tested: t }) {
	return html`<p role="status">${t.sent ? html`<strong>It took it.</strong>` : html`<strong>It did not take it.</strong>`}
		${t.status > 0 && ` It answered ${t.status}`}${t.took_ms !== undefined && ` after ${t.took_ms} ms`}. ${t.answer && html`<code>${t.answer}</code>`} ${t.error}</p>`
}

function Receiver({ receiver: r, again }) {
	const [word, tone] = STATES[r.state] ?? [r.state, 'plain']
	const at = `/receivers/${encodeURIComponent(r.receiver)}`
	const [tested, test] = useTask(() => post(`${at}/test`))
	const subscribe = () => tell(() => post(`${at}/subscribe`), `${r.receiver} gets mails again.`).then(again)
	return html`<tr><th scope="row">${r.receiver}</th><td>${r.type}</td><td><${Chip} tone=${tone}>${word}<//></td>
		<td>${r.next_digest && html`<${Time} at=${r.next_digest} />`}</td><td>${r.waiting > 0 && html`${r.waiting}${r.waiting_until && html`, until <${Time} at=${r.waiting_until} />`}`}</td><td class="number">${r.held}</td><td class="number">${r.dead}</td><td class="number">${r.withdrawn}</td>
		<td><button disabled=${tested === 'under way'} aria-label="Send a test to ${r.receiver}" onClick=${test}>Send a test</button>
			${r.state === 'unsubscribed' && html` <button onClick=${subscribe}>Send mails again</button>`}
			${tested === 'under way' && html`<${Loading} what="its answer" />`}${tested instanceof Error && html`<${Failed} problem=${tested} />`}
			${cameOf(tested) && html`<${Tested} tested=${tested} />`}</td></tr>`
}

function Receivers() {
	const answer = useAnswer('/receivers')
	return html`<section class="figure" aria-label="Receivers"><h2>Receivers</h2>
		<${Rows} answer=${answer} what="the receivers" none=${html`<${Empty} title="Nobody is told of leads"><p>Leads wait in the queue. Whom to tell, by mail, Slack or otherwise, is said in the
			configuration, under <code>receivers:</code> and <code>routes:</code>.</p><//>`}>
			${(items) => html`<table><thead><tr><th scope="col">Receiver</th><th scope="col">By</th><th scope="col">State</th><th scope="col">Next digest</th><th scope="col">Waiting</th><th scope="col">Kept back</th><th scope="col">Given up</th><th scope="col">Withdrawn</th><th scope="col">Try it</th></tr></thead>
				<tbody>${items.map((r) => html`<${Receiver} key=${r.receiver} receiver=${r} again=${answer.again} />`)}</tbody></table>`}<//>
	</section>`
}

// ---- what did not arrive ----

function GivenUp() {
	const answer = useAnswer('/alerts')
	const replay = (body) => tell(() => post('/alerts/replay', body), ({ due }) => (due === 1 ? 'One is sent again.' : `${due} are sent again.`)).then(answer.again)
	return html`<section class="figure" aria-label="Given up">
		<div class="figure-head"><h2>Given up or kept back</h2>${answer.found?.items.length > 0 && html`<button onClick=${() => replay({ all: true })}>Send all of them again</button>`}</div>
		<${Rows} answer=${answer} what="alerts that did not arrive" none=${html`<p>Every alert has arrived, or is on its way.</p>`}>
			${(items) => html`<table><thead><tr><th scope="col">When</th><th scope="col">Lead</th><th scope="col">Receiver</th><th scope="col">State</th><th scope="col">Tries</th><th scope="col">Because</th><th scope="col">Again</th></tr></thead>
				<tbody>${items.map((a) => html`<tr key=${a.id}><td><${Time} at=${a.created} /></td><td>${a.lead !== undefined && html`<a href="/leads/lead_${a.lead}" onClick=${follow}>lead ${a.lead}</a>`}</td>
					<td>${a.receiver}</td><td>${a.state}</td><td class="number">${a.attempts}</td><td>${[a.last_status, a.last_error].filter(Boolean).join(', ')}</td>
					<td><button aria-label="Send again: alert ${a.id}" onClick=${() => replay({ id: a.id })}>Send again</button></td></tr>`)}</tbody></table>`}<//>
		${answer.found?.next && html`<p class="hint">These are the newest ${answer.found.items.length}.</p>`}
	</section>`
}

// ---- what is kept quiet ----

const WHATS = { rule: 'a rule', kind: 'a kind', who: 'somebody', account: 'an account', owner: 'an owner' }
const TIMES = [['4h', 'four hours'], ['1d', 'a day'], ['7d', 'a week'], ['30d', '30 days']]

const FIELDS = [
	{ name: 'what', label: 'Leads of', choices: Object.entries(WHATS) },
	{ name: 'value', label: 'Which', required: true, hint: `its name; a kind is one of ${KIND_NAMES.join(', ')}` },
	{ name: 'for', label: 'For', choices: TIMES, value: '1d' },
	{ name: 'reason', label: 'Why', required: true, max: 500 },
]

function valueOf({ what, value }) {
	return what === 'kind' ? kindWord(value) : value
}

function Silences({ me }) {
	const answer = useAnswer('/silences')
	const [adding, setAdding] = useState(false)
	const works = me.role !== 'viewer'
	const add = (body) => {
		setAdding(false)
		return tell(() => post('/silences', body), `Leads of ${WHATS[body.what]} are kept quiet: ${body.value}.`).then(answer.again)
	}
	const end = async (s) => {
		try {
			await post(`/silences/${s.id}/end`)
			const minutes = Math.max(1, Math.round((Date.parse(s.until) - Date.now()) / 60000))
			const back = () => add({ what: s.what, value: s.value, reason: s.reason, for: `${minutes}m` })
			toasts.say(`${valueOf(s)} is not kept quiet any more.`, { action: { name: 'Undo', run: back } })
		} catch (why) {
			toasts.say(why.message, { tone: 'bad' })
		}
		answer.again()
	}
	return html`<section class="figure" aria-label="Kept quiet">
		<div class="figure-head"><h2>Kept quiet</h2>${works && html`<button onClick=${() => setAdding(true)}>Keep something quiet …</button>`}</div>
		<p class="hint">Leads of these are raised all the same, and nobody is told of them for that time.</p>
		<${Rows} answer=${answer} what="what is kept quiet" none=${html`<p>Nothing is kept quiet.</p>`}>
			${(items) => html`<table><thead><tr><th scope="col">What</th><th scope="col">Which</th><th scope="col">Why</th><th scope="col">By</th><th scope="col">Until</th><th scope="col">Leads</th>${works && html`<th scope="col">End it</th>`}</tr></thead>
				<tbody>${items.map((s) => html`<tr key=${s.id}><th scope="row">${WHATS[s.what] ?? s.what}</th><td>${valueOf(s)}</td><td>${s.reason}</td><td>${s.by}</td><td><${Time} at=${s.until} /></td><td class="number">${s.hits}</td>
					${works && html`<td><button aria-label="End it: ${s.value}" onClick=${() => end(s)}>End it</button></td>`}</tr>`)}</tbody></table>`}<//>
		${adding && html`<${Form} title="Keep something quiet" submit="Keep it quiet" fields=${FIELDS} onDone=${add} onClose=${() => setAdding(false)} />`}
	</section>`
}

export function AlertsPage({ me, onLive, setCommands }) {
	useEffect(() => {
		setCommands([])
		return watch({}, onLive)
	}, [])
	return html`<main class="overview alerts"><h1>Alerts</h1>
		<${Silences} me=${me} />
		${me.role === 'admin' && html`<${Receivers} /><${GivenUp} />`}
	</main>`
}
