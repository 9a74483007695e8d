// A window that asks for what a step needs.
import { useState } from 'preact/hooks'
import { html } from './html.js'
import { Dialog } from './ui.js'

function Choice({ field, first }) {
	const { name, label, choices, value } = field
	return html`<label>${label} <select name=${name} autofocus=${first}>
		${choices.map(([id, text]) => html`<option key=${id} value=${id} selected=${id === value}>${text}</option>`)}
	</select></label>`
}

function Checks({ field }) {
	return html`<fieldset class="checks"><legend>${field.label}</legend>
		${field.checks.map(([id, text]) => html`<label class="check" key=${id}><input type="checkbox" name=${field.name} value=${id} /> ${text}</label>`)}
	</fieldset>`
}

function Field({ field, first }) {
	const { name, label, value = '', required = false, area = false, hint, max = 2000, type } = field
	if (field.choices) {
		return html`<${Choice} field=${field} first=${first} />`
	}
	if (field.checks) {
		return html`<${Checks} field=${field} />`
	}
	const shared = { name, required, maxlength: max, autofocus: first, autocomplete: 'off' }
	return html`<label>${label} ${area ? html`<textarea rows="3" ...${shared}>${value}</textarea>`
		: html`<input ...${shared} type=${type} defaultValue=${value} />`}
		${hint && html`<span class="hint">${hint}</span>`}</label>`
}

function read(form, fields) {
	const data = new FormData(form)
	const answer = {}
	for (const { name, checks } of fields) {
		const value = checks ? data.getAll(name) : data.get(name)?.trim()
		if (value !== undefined && value.length > 0) {
			answer[name] = value
		}
	}
	return answer
}

// fields: [{name, label, value, required, area, hint, choices: [[value, text]], checks: [[value, text]]}].
// check(answer): what is wrong with it, or null. onDone(answer): texts by name, without those left empty.
export function Form({ title, fields, submit, check = () => null, children, onDone, onClose }) {
	const [problem, setProblem] = useState(null)
	const send = (event) => {
		event.preventDefault()
		const answer = read(event.currentTarget, fields)
		const why = check(answer)
		setProblem(why)
		if (why === null) {
			onDone(answer)
		}
	}
	return html`<${Dialog} title=${title} onClose=${onClose}>
		<form class="stack" onSubmit=${send}>
			${children}
			${fields.map((f, i) => html`<${Field} key=${f.name} field=${f} first=${i === 0 && !children} />`)}
			${problem && html`<p class="failed" role="alert">${problem}</p>`}
			<p class="line"><button class="main">${submit}</button> <button type="button" onClick=${onClose}>Cancel</button></p>
		</form>
	<//>`
}
