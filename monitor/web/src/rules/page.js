import { useEffect, useMemo, useState } from 'preact/hooks'
import { watch } from '../api.js'
import { focusNow, focusSoon } from '../focus.js'
import { html } from '../html.js'
import { useKeys } from '../keys.js'
import { route } from '../route.js'
import { useStore } from '../store.js'
import { Empty } from '../ui.js'
import { Editor, NEW } from './editor.js'
import { List } from './list.js'
import { Rules } from './model.js'

const WIDE = matchMedia('(min-width: 60rem)')
const kept = new Rules() // with what nobody has saved, as long as the page is there

export function RulesPage({ me, parts, onLive, setCommands }) {
	const rules = useStore(useMemo(() => kept, []))
	const [start, setStart] = useState(null)
	const admin = me.role === 'admin'
	const opened = parts[1] === undefined ? null : decodeURIComponent(parts[1])
	const isNew = admin && opened === NEW

	const show = (id, replace = WIDE.matches) => route.go(`/rules/${encodeURIComponent(id)}`, { replace })
	const open = (id) => {
		show(id)
		focusSoon('[data-heading]')
	}
	const add = (text = null) => {
		if (!admin) {
			return false
		}
		setStart(text)
		if (text !== null) {
			rules.keepDraft(NEW, null)
		}
		route.go(`/rules/${NEW}`)
		return true
	}
	const move = (by) => {
		const id = rules.beside(opened, by)
		if (id !== null) {
			show(id, true)
			focusSoon(`[data-rule="${id}"]`)
		}
	}
	const toList = () => route.go('/rules', { replace: WIDE.matches })
	const back = () => {
		toList()
		focusSoon(opened && opened !== NEW ? `[data-rule="${opened}"]` : '.rules [type=search]')
	}
	const onSaved = (id) => {
		rules.load()
		if (id !== opened) {
			show(id, true)
		}
	}
	useEffect(() => {
		rules.load()
		setCommands([{ name: 'Load the rules anew', run: () => rules.load() }, ...(admin ? [{ name: 'Write a new rule', key: 'n', run: () => add() }] : [])])
		return watch({}, onLive)
	}, [rules])
	useKeys({
		j: () => move(1), k: () => move(-1), n: () => add(),
		'/': () => { toList(); focusNow('.rules [type=search]') },
		Escape: () => {
			if (document.querySelector('dialog[open]') !== null) {
				return false
			}
			return document.activeElement?.matches('textarea') ? void document.querySelector('[data-heading]').focus() : void back()
		},
	})
	return html`<main class="leads rules ${opened !== null ? 'opened' : ''}">
		<h1 class="unseen">Rules</h1>
		<${List} rules=${rules} chosen=${opened} admin=${admin} onOpen=${open} onNew=${() => add()} />
		${opened !== null && (isNew || opened !== NEW) ? html`<${Editor} key=${opened} id=${opened} start=${start} rules=${rules} admin=${admin} onSaved=${onSaved} onCopy=${add} onBack=${back} />`
			: html`<section class="detail none" aria-label="Rule"><${Empty} title="No rule is chosen"><p>Choose one with j and k, or from the list.</p><//></section>`}
	</main>`
}
