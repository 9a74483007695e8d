import { useEffect, useMemo, useState } from 'preact/hooks'
import { post, watch } from '../api.js'
import { useBeside } from '../beside.js'
import { html } from '../html.js'
import { Records } from '../records.js'
import { follow, route } from '../route.js'
import { useStore } from '../store.js'
import { toasts } from '../ui.js'
import { Ask, isAsked } from './ask.js'
import { Board, inOrder, VIEWS } from './board.js'
import { Detail } from './detail.js'
import { Lists } from './lists.js'
import { Reports } from './reports.js'
import { RequestDetail, RequestList } from './requests.js'
import { refusal, REQUEST_SAID, REQUEST_STEPS, requestRefusal, SAID, STEPS } from './steps.js'

const idOf = (r) => r?.id
const PAUSE_MS = 1000 // what comes in a rush is asked for once
const MAKES_SOME = ['praise', 'complaint', 'mention'] // kinds of leads beside which a reference may change

function boardOf(me, view) {
	return new Records({
		path: '/references', idOf,
		query: () => ({ limit: 500, ...VIEWS[view].query, owner: view === 'mine' && me.user }),
		core: ({ statements: _s, history: _h, withheld: _w, values: _v, ...core }, row) => ({ said: row.said, ...core }),
		text: (r) => [r.name, r.title, r.account_name, r.owner, r.gatekeeper, r.said?.text].join(' '),
	})
}

function requestsOf(me, view) {
	return new Records({
		path: '/requests', idOf,
		query: () => ({ state: view === 'live' && 'open,named', rep: view === 'mine' && me.user }),
		core: ({ names: _n, outcomes: _o, history: _h, ...core }) => core,
	})
}

// Steps by their keys: of two with the same key the one that may be taken, else the first says why not.
function keysOf(steps, records, may, act) {
	const keys = {}
	for (const [, , key] of steps) {
		keys[key] = () => {
			if (records.detail === null) {
				toasts.say('Nothing is open yet: choose with j and k, then Enter.')
				return
			}
			const same = steps.filter(([, , k]) => k === key)
			act((same.find(([step]) => may(step) === null) ?? same[0])[0])
		}
	}
	return keys
}

// What the two views of the page share: a step is asked about if need be, then taken.
function useSteps({ records, steps, may, said }) {
	const [ask, setAsk] = useState(null)
	const take = (step, body) => {
		setAsk(null)
		return records.step(records.selected, step, body, said[step])
	}
	const act = (step, body) => {
		if (records.detail === null || records.busy) {
			return
		}
		const why = may(step)
		if (why !== null) {
			toasts.say(`Not now: ${why}.`, { tone: 'bad' })
		} else if (body === undefined && isAsked(step)) {
			setAsk(step)
		} else {
			take(step, body ?? {})
		}
	}
	const undo = async () => {
		const id = await records.undo()
		if (id !== null && id !== records.selected) {
			records.onUndone?.(id)
		}
	}
	return { ask, setAsk, act, take, keys: { ...keysOf(steps, records, may, act), u: () => { undo() } } }
}

function commands(steps, may, act, more) {
	return [...steps.map(([step, name, key]) => ({ name, key, run: () => act(step) })), ...more]
}

function References({ me, opened, onLive, setCommands }) {
	const [view, setView] = useState('all')
	const records = useStore(useMemo(() => boardOf(me, view), [me, view]))
	const may = (step) => refusal(records.detail, step, me)
	const steps = useSteps({ records, steps: STEPS, may, said: SAID })
	const { open, back } = useBeside({ records, at: '/references', opened, rows: () => inOrder(records), idOf, keys: steps.keys, quiet: true })
	records.onUndone = open
	useEffect(() => {
		records.load()
		setCommands(commands(STEPS, may, steps.act, [
			{ name: 'Undo the last step', key: 'u', run: () => records.undo() },
			{ name: 'Load the board anew', run: () => records.load() },
			{ name: 'Show lists of the desk', run: () => route.go('/references/lists') },
			{ name: 'Show reports of references', run: () => route.go('/references/reports') },
			...Object.entries(VIEWS).map(([id, { name }]) => ({ name: `Show references: ${name}`, run: () => setView(id) })),
		]))
	}, [records])
	useEffect(() => {
		let later = null
		const hear = (event) => {
			if (MAKES_SOME.includes(event.kind) && later === null) {
				later = setTimeout(() => {
					later = null
					records.load()
				}, PAUSE_MS)
			}
		}
		const end = watch({ lead: hear }, onLive)
		return () => {
			clearTimeout(later)
			end()
		}
	}, [records])
	return html`<${Board} records=${records} view=${view} onView=${setView} onOpen=${open} />
		<${Detail} records=${records} me=${me} act=${steps.act} onBack=${back} />
		${steps.ask && html`<${Ask} step=${steps.ask} record=${records.detail} onDone=${(answer) => steps.take(steps.ask, answer)} onClose=${() => steps.setAsk(null)} />`}`
}

function Requests({ me, opened, onLive, setCommands }) {
	const [view, setView] = useState('live')
	const records = useStore(useMemo(() => requestsOf(me, view), [me, view]))
	const may = (step) => requestRefusal(records.detail, step, me)
	const steps = useSteps({ records, steps: REQUEST_STEPS, may, said: REQUEST_SAID })
	const add = () => (me.role === 'viewer' ? toasts.say('Not now: a viewer only looks.', { tone: 'bad' }) : steps.setAsk('request'))
	const { open, back } = useBeside({ records, at: '/references/requests', opened, rows: () => records.shown, idOf, keys: { ...steps.keys, c: add } })
	records.onUndone = open
	useEffect(() => {
		records.load()
		setCommands(commands(REQUEST_STEPS, may, steps.act, [
			{ name: 'Ask for a reference …', key: 'c', run: add }, { name: 'Undo the last step', key: 'u', run: () => records.undo() },
		]))
	}, [records])
	useEffect(() => watch({}, onLive), [])
	const make = async (body) => {
		steps.setAsk(null)
		try {
			const made = await post('/requests', body)
			await records.load()
			toasts.say('Asked: the clock runs.')
			open(made.id)
		} catch (why) {
			toasts.say(why.message, { tone: 'bad' })
		}
	}
	const done = (answer) => (steps.ask === 'request' ? make(answer) : steps.take(steps.ask, answer))
	return html`<${RequestList} records=${records} view=${view} me=${me} onView=${setView} onOpen=${open} onAdd=${add} />
		<${RequestDetail} records=${records} me=${me} act=${steps.act} onBack=${back} />
		${steps.ask && html`<${Ask} step=${steps.ask} record=${records.detail} onDone=${done} onClose=${() => steps.setAsk(null)} />`}`
}

// /references/7 is /references/ref_7, as on the command line.
const whole = (kind, id) => (/^\d+$/.test(id ?? '') ? `${kind}_${id}` : id ?? null)

export function ReferencesPage({ me, parts, onLive, setCommands }) {
	const isRequests = parts[1] === 'requests'
	const isReports = parts[1] === 'reports'
	const isLists = parts[1] === 'lists'
	const opened = isReports || isLists ? null : isRequests ? whole('req', parts[2]) : whole('ref', parts[1])
	const tab = (path, name, on) => html`<a href=${path} aria-current=${on ? 'page' : undefined} onClick=${follow}>${name}</a>`
	return html`<main class="leads desk ${opened !== null ? 'opened' : ''} ${isRequests ? '' : 'boarded'}">
		<h1 class="unseen">References</h1>
		<nav class="tabs" aria-label="References">${tab('/references', 'Board', !isRequests && !isReports && !isLists)}${tab('/references/requests', 'Requests', isRequests)}${tab('/references/lists', 'Lists', isLists)}${tab('/references/reports', 'Reports', isReports)}</nav>
		${isLists ? html`<${Lists} key="lists" onLive=${onLive} setCommands=${setCommands} />` : isReports ? html`<${Reports} key="reports" onLive=${onLive} setCommands=${setCommands} />` : isRequests ? html`<${Requests} key="requests" me=${me} opened=${opened} onLive=${onLive} setCommands=${setCommands} />`
			: html`<${References} key="board" me=${me} opened=${opened} onLive=${onLive} setCommands=${setCommands} />`}
	</main>`
}
