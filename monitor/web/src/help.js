// What the keys are, and the switch that turns single ones off.
import { useState } from 'preact/hooks'
import { html } from './html.js'
import { keysAreOn, setKeys } from './keys.js'
import { Dialog } from './ui.js'

const KEYS = [
	['j, k', 'Next, previous lead'], ['Enter', 'Open it'], ['c', 'Claim'], ['e', 'Answered'],
	['#', 'Not relevant, with a reason'], ['h', 'Snooze'], ['w', 'Won'], ['l', 'Lost'], ['r', 'Give it back'],
	['u', 'Undo'], ['o', 'Open the post'], ['.', 'Show the new leads'], ['/', 'Find in the list'],
	['a', 'Sources: add one'], ['p', 'Sources: poll it now'], ['z', 'Sources: pause or resume it'], ['t', 'Sources: try it'],
	['g i', 'Go to the leads'], ['g s', 'Go to the sources'], ['g o', 'Go to the overview'], ['Ctrl-K', 'Every command'], ['?', 'This list'], ['Esc', 'Close, or back to the list'],
]

export function Help({ onClose }) {
	const [on, setOn] = useState(keysAreOn())
	const flip = () => {
		setKeys(!on)
		setOn(!on)
	}
	return html`<${Dialog} title="Keys" onClose=${onClose}>
		<table class="keys">
			<thead><tr><th scope="col">Key</th><th scope="col">What it does</th></tr></thead>
			<tbody>${KEYS.map(([key, what]) => html`<tr><td><kbd>${key}</kbd></td><td>${what}</td></tr>`)}</tbody>
		</table>
		<p><label class="check"><input type="checkbox" checked=${on} onChange=${flip} /> Single keys work</label></p>
		<p class="hint">Turn them off if you speak to your computer, or if another program needs them.</p>
		<p><button class="main" onClick=${onClose}>Close</button></p>
	<//>`
}
