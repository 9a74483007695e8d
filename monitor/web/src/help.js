// What the keys are, and the switch that turns single ones off.
import { useState } from 'preact/hooks'
import { html } from './html.js'
import { keysAreOn, setKeys } from './keys.js'
import { Dialog } from './ui.js'

// By page.
const KEYS = {
	leads: [
		['j, k', 'Next, previous lead'], ['Enter', 'Open it'], ['c', 'Claim'], ['e', 'Answered'],
		['#', 'Not relevant, with a reason'], ['h', 'Snooze'], ['s', 'Star, or no star'], ['a', 'Assign'], ['w', 'Won'], ['l', 'Lost'], ['r', 'Give it back'],
		['u', 'Undo'], ['o', 'Open the post'], ['.', 'Show the new leads'], ['/', 'Search all that was said'],
	],
	people: [
		['j, k', 'Next, previous'], ['Enter', 'Open it'], ['/', 'Find by name, employer or address'], ['p', 'Put somebody up as a reference'],
		['y', 'A pair: they are one'], ['n', 'A pair: they are two'], ['u', 'Undo a decision'],
	],
	references: [
		['j, k', 'Next, previous'], ['Enter', 'Open it'], ['a', 'Ask the gatekeeper'], ['y', 'They agreed; a request is fulfilled'],
		['n', 'They said no; decline a request'], ['h', 'Hold, or end the hold'], ['x', 'Was used'], ['o', 'How it went'], ['s', 'Sign for compliance'],
		['m', 'Name the gatekeeper'], ['t', 'Thanked'], ['w', 'Withdraw; call a request off'], ['b', 'Reopen'],
		['c', 'Ask for a reference, among the requests'], ['u', 'Undo'], ['/', 'Find'],
	],
	rules: [
		['j, k', 'Next, previous rule'], ['n', 'Write a new one'], ['e', 'Into its text'], ['t', 'Run its tests'], ['b', 'Backtest it'], ['/', 'Find'],
		['Ctrl-Enter', 'In the text: run the tests'], ['Ctrl-S', 'In the text: save'],
	],
	sources: [
		['j, k', 'Next, previous source'], ['Enter', 'Open it'], ['a', 'Add one'], ['p', 'Poll it now'], ['z', 'Pause or resume it'], ['t', 'Try it'],
		['/', 'Find'],
	],
}
const EVERYWHERE = [['Ctrl-K', 'Every command'], ['?', 'This list'], ['Esc', 'Close, or back to the list']]

// at: the page where one is; pages: all there are.
export function Help({ at, pages, onClose }) {
	const all = [...(KEYS[at] ?? []), ...pages.map((p) => [`g ${p.key}`, `Go to ${p.name}`]), ...EVERYWHERE]
	const [on, setOn] = useState(keysAreOn())
	const flip = () => {
		setKeys(!on)
		setOn(!on)
	}
	return html`<${Dialog} title="Keys" onClose=${onClose}>
		<table class="keys">
			<thead><tr><th scope="col">Key</th><th scope="col">What it does</th></tr></thead>
			<tbody>${all.map(([key, what]) => html`<tr><td><kbd>${key}</kbd></td><td>${what}</td></tr>`)}</tbody>
		</table>
		<p><label class="check"><input type="checkbox" checked=${on} onChange=${flip} /> Single keys work</label></p>
		<p class="hint">Turn them off if you speak to your computer, or if another program needs them.</p>
		<p><button class="main" onClick=${onClose}>Close</button></p>
	<//>`
}
