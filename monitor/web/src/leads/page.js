import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks'
import { watch } from '../api.js'
import { focusSoon } from '../focus.js'
import { html } from '../html.js'
import { useKeys } from '../keys.js'
import { route } from '../route.js'
import { useStore } from '../store.js'
import { AskOwner, AskReason, AskTime, AskValue } from './ask.js'
import { Detail } from './detail.js'
import { List } from './list.js'
import { Queue, VIEWS } from './queue.js'
import { Search, SearchBox } from './search.js'

const WIDE = matchMedia('(min-width: 60rem)')

// The ways to ask what a step needs, by step.
const ASKS = {
	dismiss: { Ask: AskReason, title: 'Not relevant because', step: 'dismiss' },
	snooze: { Ask: AskTime, step: 'snooze' },
	assign: { Ask: AskOwner, step: 'assign' },
	won: { Ask: AskValue, step: 'won' },
	bad: { Ask: AskReason, title: 'Not worth it because', step: 'verdict', more: { relevant: false } },
}

function keysOf({ queue, act, move, open, back, search }) {
	return {
		j: () => move(1), k: () => move(-1), ArrowDown: () => document.activeElement?.matches('.row') && move(1),
		ArrowUp: () => document.activeElement?.matches('.row') && move(-1),
		Enter: () => document.activeElement?.matches('a, button, summary') && !document.activeElement.matches('.row') ? false : open(queue.selected),
		c: () => act('claim'), e: () => act('answer'), '#': () => act('dismiss'), h: () => act('snooze'), a: () => act('assign'), s: () => act('star'), w: () => act('won'),
		l: () => act('lost'), r: () => act('release'), u: () => queue.undo(), '.': () => queue.load(),
		o: () => document.querySelector('[data-post=first]')?.click(),
		'/': () => search(),
		Escape: () => (document.querySelector('dialog[open]') === null ? back() : false),
	}
}

function commandsOf(act, queue, search) {
	return [
		{ name: 'Search all that was said …', key: '/', run: search },
		{ name: 'Claim this lead', key: 'c', run: () => act('claim') },
		{ name: 'Mark this lead answered', key: 'e', run: () => act('answer') },
		{ name: 'Not relevant …', key: '#', run: () => act('dismiss') },
		{ name: 'Snooze …', key: 'h', run: () => act('snooze') },
		{ name: 'Star this lead, or take the star away', key: 's', run: () => act('star') },
		{ name: 'Assign this lead …', key: 'a', run: () => act('assign') },
		{ name: 'Won …', key: 'w', run: () => act('won') },
		{ name: 'Lost', key: 'l', run: () => act('lost') },
		{ name: 'Give this lead back', key: 'r', run: () => act('release') },
		{ name: 'Undo the last step', key: 'u', run: () => queue.undo() },
		{ name: 'Load the list anew', key: '.', run: () => queue.load() },
		...Object.entries(VIEWS).map(([view, { name }]) => ({ name: `Show leads: ${name}`, run: () => queue.choose({ view }) })),
	]
}

export function LeadsPage({ me, parts, onLive, setCommands }) {
	const queue = useStore(useMemo(() => new Queue(me), [me]))
	const [ask, setAsk] = useState(null) // {name, id}: about which lead
	const statements = useStore(useMemo(() => new Search(), [me]))
	const [searching, setSearching] = useState(false)
	const search = () => setSearching(true)
	const opened = parts[1] ?? null

	const show = (id, replace = true) => {
		queue.select(id)
		route.go(`/leads/${id}`, { replace })
	}
	const open = (id) => {
		if (id !== null) {
			show(id, WIDE.matches)
			focusSoon('[data-heading]', () => queue.selected === id && queue.lead !== null)
		}
	}
	const move = (by) => {
		const id = queue.beside(by)
		if (id === null) {
			return
		}
		if (WIDE.matches || opened !== null) {
			show(id)
		} else {
			queue.select(id)
		}
		focusSoon(`[data-lead="${id}"]`)
	}
	const back = () => {
		const id = queue.selected
		route.go('/leads', { replace: WIDE.matches })
		focusSoon(`[data-lead="${id}"]`)
	}
	const act = (name) => {
		if (ASKS[name] && queue.lead !== null) {
			setAsk({ name, id: queue.selected })
		} else if (name === 'star') {
			queue.work(queue.lead?.starred ? 'unstar' : 'star')
		} else {
			queue.work(name === 'good' ? 'verdict' : name, name === 'good' ? { relevant: true } : {})
		}
	}
	queue.onAdvance = (id) => {
		if (WIDE.matches || opened !== null) {
			show(id)
		} else {
			queue.select(id)
		}
		focusSoon(`[data-lead="${id}"]`)
	}

	useEffect(() => {
		queue.load()
		setCommands(commandsOf(act, queue, search))
		return watch({ lead: (event) => queue.hear(event) }, (up) => {
			onLive(up)
			if (up) {
				queue.catchUp()
			}
		})
	}, [queue])
	useLayoutEffect(() => { // before the next key
		if (opened !== queue.selected && opened !== null) {
			queue.select(opened)
		}
	}, [opened])
	useKeys(keysOf({ queue, act, move, open, back, search }))

	const { Ask, title, step, more } = ASKS[ask?.name] ?? {}
	const done = (answer) => {
		setAsk(null)
		queue.work(step, { ...more, ...answer }, ask.id)
	}
	const found = (id) => {
		setSearching(false)
		open(id)
	}
	return html`<main class="leads ${opened !== null ? 'opened' : ''}">
		<h1 class="unseen">Leads</h1>
		<${List} queue=${queue} onSearch=${search} onOpen=${open} />
		<${Detail} queue=${queue} me=${me} act=${act} onBack=${back} />
		${searching && html`<${SearchBox} search=${statements} onClose=${() => setSearching(false)} onOpen=${found} />`}
		${Ask && html`<${Ask} title=${title} onDone=${done} onClose=${() => setAsk(null)} />`}
	</main>`
}
