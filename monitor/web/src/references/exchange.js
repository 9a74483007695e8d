// What stands between us and a reference: what was asked, offered and agreed, and one more of it.
import { useState } from 'preact/hooks'
import { post } from '../api.js'
import { Form } from '../form.js'
import { html } from '../html.js'
import { toasts } from '../ui.js'
import { SPANS } from './ask.js'
import { Inside } from './lists.js'

const FIELDS = [
	{ name: 'side', label: 'It was', choices: [['offered', 'Offered'], ['asked', 'Asked'], ['agreed', 'Agreed']] },
	{ name: 'what', label: 'What', required: true, max: 500 },
	{ name: 'worth', label: 'Worth, in whole units', max: 10 },
	{ name: 'currency', label: 'Currency', max: 3, hint: 'three capitals, such as EUR' },
	{ name: 'until', label: 'Until when', choices: [['', 'Without an end'], ...SPANS] },
]

function wrong({ worth, currency }) {
	return (worth === undefined) !== (currency === undefined) ? 'Say both or none: what it is worth, and in which currency.'
		: worth !== undefined && !/^\d+$/.test(worth) ? 'What it is worth is a whole number.' : null
}

// What it says is a step of its own, with an undo, and no version of the reference.
async function change(path, body, said, action) {
	try {
		const answer = await post(path, body)
		toasts.say(said, action ? { action: action(answer) } : {})
	} catch (why) {
		toasts.say(why.message, { tone: 'bad' })
	}
}

export function Exchange({ id, me, ...list }) {
	const [asks, setAsks] = useState(false)
	const [turn, setTurn] = useState(0)
	const anew = () => setTurn((t) => t + 1)
	const back = async ({ entry }) => {
		await change(`/values/${entry}/undo`, {}, 'Taken back.')
		anew()
	}
	const add = async ({ worth, ...rest }) => {
		setAsks(false)
		await change(`/references/${id}/values`, worth === undefined ? rest : { ...rest, worth: Number(worth) }, 'Kept.',
			(answer) => ({ name: 'Undo', run: () => back(answer) }))
		anew()
	}
	return html`<${Inside} key=${turn} path="/values?reference=${id}" ...${list} />
		${me.role !== 'viewer' && html`<p><button onClick=${() => setAsks(true)}>Add to it …</button></p>`}
		${asks && html`<${Form} title="Given in exchange" submit="Keep it" fields=${FIELDS} check=${wrong} onDone=${add} onClose=${() => setAsks(false)} />`}`
}
