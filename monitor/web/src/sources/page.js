import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks'
import { watch } from '../api.js'
import { focusNow, focusSoon } from '../focus.js'
import { html } from '../html.js'
import { useKeys } from '../keys.js'
import { route } from '../route.js'
import { useStore } from '../store.js'
import { Add } from './add.js'
import { Detail } from './detail.js'
import { List } from './list.js'
import { Sources } from './model.js'

const WIDE = matchMedia('(min-width: 60rem)')
const ADD = '+' // no source is called that

export function SourcesPage({ me, parts, onLive, setCommands }) {
	const sources = useStore(useMemo(() => new Sources(), []))
	const admin = me.role === 'admin'
	const opened = parts[1] === undefined ? null : decodeURIComponent(parts[1])
	const adding = admin && opened === ADD

	const show = (name, replace = true) => {
		sources.select(name)
		route.go(`/sources/${encodeURIComponent(name)}`, { replace })
	}
	const open = (name) => {
		if (name !== null) {
			show(name, WIDE.matches)
			focusSoon('[data-heading]')
		}
	}
	const add = () => {
		if (!admin) {
			return false
		}
		route.go(`/sources/${ADD}`)
		focusSoon('[data-address]')
	}
	const move = (by) => {
		const name = sources.beside(by)
		if (name === null) {
			return
		}
		if (WIDE.matches || opened !== null) {
			show(name)
		} else {
			sources.select(name)
		}
		focusSoon(`[data-source="${name}"]`)
	}
	const toList = () => route.go('/sources', { replace: WIDE.matches })
	const back = () => {
		const name = sources.selected
		toList()
		focusSoon(`[data-source="${name}"]`)
	}
	const onAdded = (name) => {
		sources.load()
		show(name)
		focusSoon('[data-heading]')
	}
	const onRemoved = () => {
		sources.select(null)
		route.go('/sources', { replace: true })
	}
	const undo = async (name) => {
		if (await sources.remove(name)) {
			onRemoved()
		}
	}
	// On the source that is looked at, by an admin; else the key is for others.
	const step = (run) => () => (admin && sources.source !== null && !adding ? void run(sources.source) : false)
	const flip = step((source) => sources.act(source.paused ? 'resume' : 'pause'))
	const poll = step(() => sources.act('poll'))
	const tryIt = step(() => sources.try())

	useEffect(() => {
		setCommands([
			{ name: 'Load the sources anew', run: () => sources.load() },
			...(admin ? [{ name: 'Add a source …', key: 'a', run: add }, { name: 'Poll this source now', key: 'p', run: poll },
				{ name: 'Pause or resume this source', key: 'z', run: flip }, { name: 'Try this source', key: 't', run: tryIt }] : []),
		])
		sources.load()
		return watch({ source: (event) => sources.hear(event.source) }, (up) => {
			onLive(up)
			if (up) {
				sources.catchUp()
			}
		})
	}, [sources])
	useLayoutEffect(() => { // before the next key
		if (opened !== sources.selected && opened !== ADD) {
			sources.select(opened)
		}
	}, [opened])
	useKeys({
		j: () => move(1), k: () => move(-1), a: add, p: poll, z: flip, t: tryIt,
		Enter: () => (document.activeElement?.matches('a, button, summary') && !document.activeElement.matches('.row') ? false : open(sources.selected)),
		'/': () => { toList(); focusNow('.sources [type=search]') },
		Escape: () => (document.querySelector('dialog[open]') === null ? back() : false),
	})
	return html`<main class="leads sources ${opened !== null ? 'opened' : ''}">
		<h1 class="unseen">Sources</h1>
		<${List} sources=${sources} admin=${admin} onOpen=${open} />
		${adding ? html`<${Add} onAdded=${onAdded} onUndo=${undo} onBack=${back} />` : html`<${Detail} sources=${sources} admin=${admin} onBack=${back} onRemoved=${onRemoved} />`}
	</main>`
}
