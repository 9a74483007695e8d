// What a step needs to know before it is taken: a reason, a time, a value. Each can be answered with one key.
import { useState } from 'preact/hooks'
import { html } from '../html.js'
import { Dialog } from '../ui.js'

const REASONS = ['not about us', 'no need to buy', 'a competitor or a vendor', 'known already', 'spam or a joke']
const TIMES = [['1h', 'An hour'], ['4h', 'Four hours'], ['1d', 'A day'], ['3d', 'Three days'], ['7d', 'A week']]

function Choices({ choices, onChoose }) {
	return html`<div class="choices">${choices.map(([value, name], i) => html`<button type="button" key=${value} autofocus=${i === 0}
		onClick=${() => onChoose(value)}><kbd aria-hidden="true">${i + 1}</kbd> ${name}</button>`)}</div>`
}

function byNumber(choices, onChoose) {
	return (event) => {
		const choice = choices[Number(event.key) - 1]
		if (choice && !event.target.matches('input, textarea')) {
			event.preventDefault()
			onChoose(choice[0])
		}
	}
}

export function AskReason({ title, onDone, onClose }) {
	const choices = REASONS.map((r) => [r, r[0].toUpperCase() + r.slice(1)])
	const submit = (event) => {
		event.preventDefault()
		const reason = new FormData(event.currentTarget).get('reason').trim()
		if (reason) {
			onDone({ reason })
		}
	}
	return html`<${Dialog} title=${title} onClose=${onClose}>
		<div onKeyDown=${byNumber(choices, (reason) => onDone({ reason }))}>
			<${Choices} choices=${choices} onChoose=${(reason) => onDone({ reason })} />
			<form class="line" onSubmit=${submit}><label>Another reason <input name="reason" required maxlength="500" /></label>
				<button class="main">Save</button></form>
		</div>
	<//>`
}

// Who there is only the server knows, and says so where a name is none.
export function AskOwner({ onDone, onClose }) {
	const submit = (event) => {
		event.preventDefault()
		const to = new FormData(event.currentTarget).get('to').trim()
		if (to) {
			onDone({ to })
		}
	}
	return html`<${Dialog} title="Assign to" onClose=${onClose}>
		<form class="line" onSubmit=${submit}><label>Name of a user <input name="to" required maxlength="200" autofocus autocomplete="off" /></label>
			<button class="main">Assign</button></form>
	<//>`
}

export function AskTime({ onDone, onClose }) {
	return html`<${Dialog} title="Snooze for" onClose=${onClose}>
		<div onKeyDown=${byNumber(TIMES, (time) => onDone({ for: time }))}>
			<${Choices} choices=${TIMES} onChoose=${(time) => onDone({ for: time })} /></div>
	<//>`
}

export function AskValue({ onDone, onClose }) {
	const [problem, setProblem] = useState(null)
	const submit = (event) => {
		event.preventDefault()
		const form = new FormData(event.currentTarget)
		const text = form.get('value').trim()
		if (text !== '' && !/^\d{1,15}$/.test(text)) {
			setProblem('The value is a whole number, without signs or points.')
			return
		}
		onDone(text === '' ? {} : { value: Number(text), currency: form.get('currency') })
	}
	return html`<${Dialog} title="Won" onClose=${onClose}>
		<form onSubmit=${submit} class="stack">
			<label>Value, if it is known <input name="value" inputmode="numeric" autofocus autocomplete="off" /></label>
			<label>Currency <select name="currency">${['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'PLN', 'JPY'].map((c) => html`<option>${c}</option>`)}</select></label>
			${problem && html`<p class="failed" role="alert">${problem}</p>`}
			<button class="main">Save as won</button>
		</form>
	<//>`
}
