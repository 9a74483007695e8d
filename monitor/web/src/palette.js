// Ctrl-K: every command by its name.
import { useState } from 'preact/hooks'
import { html } from './html.js'
import { Dialog } from './ui.js'

function matching(commands, words) {
	const parts = words.toLowerCase().split(/\s+/).filter(Boolean)
	return commands.filter((c) => parts.every((p) => c.name.toLowerCase().includes(p)))
}

export function Palette({ commands, onClose }) {
	const [words, setWords] = useState('')
	const [at, setAt] = useState(0)
	const found = matching(commands, words)
	const chosen = Math.min(at, found.length - 1)
	const run = (command) => {
		onClose()
		command?.run()
	}
	const keys = (event) => {
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
		if (step) {
			event.preventDefault()
			setAt((chosen + step + found.length) % Math.max(found.length, 1))
		} else if (event.key === 'Enter') {
			event.preventDefault()
			run(found[chosen])
		}
	}
	const type = (event) => {
		setWords(event.currentTarget.value)
		setAt(0)
	}
	return html`<${Dialog} title="Commands" onClose=${onClose}>
		<input class="words" role="combobox" aria-label="Command" aria-expanded="true" aria-controls="commands"
			aria-activedescendant=${chosen >= 0 ? `command-${chosen}` : undefined} autocomplete="off" autofocus
			placeholder="Type what you want to do" value=${words} onInput=${type} onKeyDown=${keys} />
		<div id="commands" class="commands" role="listbox" aria-label="Commands">
			${found.map((c, i) => html`<div key=${c.name} id="command-${i}" role="option" aria-selected=${i === chosen}
				onClick=${() => run(c)}><span>${c.name}</span>${c.key && html`<kbd>${c.key}</kbd>`}</div>`)}
		</div>
		${found.length === 0 && html`<p role="status">No command is called that.</p>`}
	<//>`
}
