// What the steps of the desk need to know before they are taken.
import { useState } from 'preact/hooks'
import { Form } from '../form.js'
import { html } from '../html.js'
import { ACTIVITIES } from './steps.js'

export const SPANS = [['7d', 'A week'], ['30d', 'A month'], ['60d', 'Two months'], ['90d', 'Three months'], ['180d', 'Half a year'], ['365d', 'A year']]
const REASONS = [['not-now', 'Not the right time'], ['big-deal', 'A big deal is under way'], ['service-issue', 'A service issue'], ['asked-too-often', 'Asked too often'], ['other', 'Something else']]
const TONES = [['', 'Not said'], ['great', 'Great'], ['good', 'Good'], ['tepid', 'Tepid'], ['bad', 'Bad']]
const whole = (text) => text === undefined || /^\d{1,6}$/.test(text)

function Statements({ reference, chosen, onChoose }) {
	const stands = reference.statements.filter((w) => w.stands)
	return html`<fieldset class="checks"><legend>To which text, word for word</legend>
		${stands.length === 0 && html`<p class="hint">Nothing they said stands as it was captured.</p>`}
		${stands.map((w) => html`<label class="check text" key=${w.id}><input type="radio" name="statement" value=${w.id} checked=${chosen === w.id}
			onChange=${() => onChoose(w.id)} /> <span class="post-text">${w.text}</span></label>`)}
	</fieldset>`
}

function Grant({ reference: r, onDone, onClose }) {
	const [named, setNamed] = useState(true)
	const [chosen, setChosen] = useState(r.statements.find((w) => w.stands)?.id ?? null)
	const needs = named && r.authority !== 'can authorise' && !r.authoriser
	const fields = [
		{ name: 'by', label: 'Who agreed', value: r.name, required: true, max: 200 },
		...(needs ? [{ name: 'authorised_by', label: 'Who authorised it', max: 200, hint: `${r.name} ${r.authority === 'can speak' ? 'can speak for the account, not authorise it' : 'has no title that is known'}.` }] : []),
		{ name: 'for', label: 'To what (nothing chosen: to anything)', checks: ACTIVITIES },
		{ name: 'until', label: 'Until when', choices: [['', 'Without an end'], ...SPANS.slice(3)] },
	]
	const check = (answer) => (named && chosen === null ? 'Choose the text they agreed to.' : needs && !answer.authorised_by ? 'Say who authorised it.' : null)
	const done = (answer) => {
		const text = named ? r.statements.find((w) => w.id === chosen) : null
		onDone({ ...answer, ...(text ? { named: true, statement: text.id, sha256: text.sha256 } : {}) })
	}
	return html`<${Form} title="They agreed" submit="Save what they agreed to" fields=${fields} check=${check} onDone=${done} onClose=${onClose}>
		<fieldset class="checks"><legend>How far</legend>
			<label class="check"><input type="radio" name="far" autofocus checked=${named} onChange=${() => setNamed(true)} /> To be quoted with name and title</label>
			<label class="check"><input type="radio" name="far" checked=${!named} onChange=${() => setNamed(false)} /> Inside only</label>
		</fieldset>
		${named && html`<${Statements} reference=${r} chosen=${chosen} onChoose=${setChosen} />`}
	<//>`
}

const FORMS = {
	refuse: () => ({ title: 'They said no', submit: 'Save', fields: [{ name: 'reason', label: 'Reason', choices: REASONS },
		{ name: 'until', label: 'Nobody asks again for', choices: [['', 'No time in particular'], ...SPANS], value: '90d' }] }),
	hold: () => ({ title: 'Leave them alone', submit: 'Put on hold', fields: [{ name: 'reason', label: 'Reason', choices: REASONS },
		{ name: 'until', label: 'For', choices: SPANS, value: '30d' }] }),
	use: (r) => ({ title: 'They were used for', submit: 'Save', fields: [{ name: 'activity', label: 'What for',
		choices: ACTIVITIES.filter(([id]) => !r.scope || r.scope.split(' ').includes(id)) },
	{ name: 'request', label: 'Request, if it was for one', max: 20, hint: 'such as req_4' }] }),
	outcome: () => ({ title: 'How it went', submit: 'Save', fields: [{ name: 'expected', label: 'What the prospect expected', choices: TONES },
		{ name: 'prospect', label: 'How the prospect says it was', choices: TONES }, { name: 'customer', label: 'How the customer says it was', choices: TONES },
		{ name: 'minutes', label: 'Minutes', max: 6 }, { name: 'lessons', label: 'What was learnt', area: true }],
	check: (a) => (!a.prospect && !a.customer ? 'Say how it was for the prospect, the customer, or both.' : whole(a.minutes) ? null : 'Minutes are a whole number.'),
	read: ({ minutes, ...a }) => (minutes ? { ...a, minutes: Number(minutes) } : a) }),
	assign: (r) => ({ title: 'Who keeps the gate', submit: 'Save', fields: [{ name: 'gatekeeper', label: 'Name', value: r.gatekeeper ?? '', required: true, max: 200 }] }),
	thank: () => ({ title: 'They were thanked', submit: 'Save', fields: [{ name: 'note', label: 'How, if you like' }] }),
	withdraw: () => ({ title: 'They took it back', submit: 'Withdraw', fields: [{ name: 'reason', label: 'Why, if they said' }] }),
	reopen: () => ({ title: 'Open it again', submit: 'Reopen', fields: [{ name: 'reason', label: 'Why' }] }),
	decline: () => ({ title: 'Decline this request', submit: 'Decline', fields: [{ name: 'reason', label: 'Why; whoever asked sees it', required: true }] }),
	'call-off': () => ({ title: 'Call it off', submit: 'Call off', fields: [{ name: 'reason', label: 'Why, if you like' }] }),
	request: () => ({ title: 'Ask for a reference', submit: 'Ask', fields: [
		{ name: 'opportunity', label: 'For which opportunity', required: true, max: 400, hint: 'its id or its name' },
		{ name: 'for', label: 'What for', choices: ACTIVITIES }, { name: 'role', label: 'Who of the prospect is to talk', max: 400, hint: 'a title, such as CTO' },
		{ name: 'weighs', label: 'What the prospect weighs, one a line', area: true }],
	read: ({ weighs, ...a }) => (weighs ? { ...a, weighs: weighs.split('\n').map((w) => w.trim()).filter(Boolean) } : a) }),
}

// Whether the step is asked about at all.
export function isAsked(step) {
	return step === 'grant' || FORMS[step] !== undefined
}

export function Ask({ step, record, onDone, onClose }) {
	if (step === 'grant') {
		return html`<${Grant} reference=${record} onDone=${onDone} onClose=${onClose} />`
	}
	const { read = (a) => a, ...form } = FORMS[step](record)
	return html`<${Form} ...${form} onDone=${(answer) => onDone(read(answer))} onClose=${onClose} />`
}
