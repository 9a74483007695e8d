// The leads on the page: what is listed, what is looked at, and the steps under way.
//
// A step is shown at once and sent behind it, one after the other for each lead; where the server refuses, the lead
// is as the server has it again and the reader hears why. What others do is written into its row. Nothing moves
// under the reader: new leads wait until they are asked for, and what is done keeps its place until the list is
// loaded anew.
import { get, post } from '../api.js'
import { Store } from '../store.js'
import { toasts } from '../ui.js'
import { DONE_WITH, plan, refusal, SAID } from './steps.js'

const PAGE = 100
const STATES_OPEN = ['new', 'claimed', 'answered']
const UNDO_MAX = 50

export const VIEWS = {
	open: { name: 'To work on', states: STATES_OPEN },
	new: { name: 'New', states: ['new'] },
	mine: { name: 'Mine', states: ['claimed', 'answered'], mine: true },
	snoozed: { name: 'Snoozed', states: ['snoozed'] },
	closed: { name: 'Closed', states: ['won', 'lost', 'dismissed'] },
	historic: { name: 'From first polls', states: ['all'], historic: true },
}

export class Queue extends Store {
	items = []
	next = null
	phase = 'loading' // 'ready', 'failed'
	problem = null
	view = 'open'
	kind = ''
	words = ''
	selected = null
	details = new Map() // by id: the lead with its evidence, or a problem
	news = new Set()
	done = [] // ids of the leads of the last steps, for undo
	#me
	#chains = new Map()
	#abort = null

	constructor(me) {
		super()
		this.#me = me
	}

	get shown() {
		const words = this.words.toLowerCase().split(/\s+/).filter(Boolean)
		return words.length === 0 ? this.items : this.items.filter((lead) => {
			const text = [lead.title, lead.why, lead.subject?.name, lead.person?.name, lead.account?.name, lead.owner]
				.join(' ').toLowerCase()
			return words.every((w) => text.includes(w))
		})
	}

	get lead() {
		return this.items.find((l) => l.id === this.selected) ?? this.#detail(this.selected) ?? null
	}

	#detail(id) {
		const found = this.details.get(id)
		return found instanceof Error ? null : found
	}

	// ---- loading ----

	#query(cursor) {
		const view = VIEWS[this.view]
		const query = new URLSearchParams({ state: view.states.join(','), limit: PAGE })
		const more = { kind: this.kind, cursor, claimed_by: view.mine && this.#me.user, historic: view.historic && 'true' }
		for (const [name, value] of Object.entries(more)) {
			if (value) {
				query.set(name, value)
			}
		}
		return '/leads?' + query
	}

	async load() {
		this.#abort?.abort()
		const abort = this.#abort = new AbortController()
		this.phase = this.items.length > 0 ? this.phase : 'loading'
		this.changed()
		try {
			const page = await get(this.#query(), abort.signal)
			this.items = page.items
			this.next = page.next ?? null
			this.phase = 'ready'
			this.news.clear()
		} catch (why) {
			if (abort.signal.aborted) {
				return
			}
			this.problem = why
			this.phase = 'failed'
		}
		this.changed()
	}

	async more() {
		const cursor = this.next
		if (cursor === null) {
			return
		}
		this.next = null
		try {
			const page = await get(this.#query(cursor))
			const known = new Set(this.items.map((l) => l.id))
			this.items = this.items.concat(page.items.filter((l) => !known.has(l.id)))
			this.next = page.next ?? null
		} catch (why) {
			this.next = cursor
			toasts.say(why.message, { tone: 'bad' })
		}
		this.changed()
	}

	choose({ view = this.view, kind = this.kind }) {
		this.view = VIEWS[view] ? view : 'open'
		this.kind = kind
		this.items = []
		this.done = []
		return this.load()
	}

	find(words) {
		this.words = words
		this.changed()
	}

	// ---- looking ----

	select(id) {
		this.selected = id
		this.changed()
		if (id !== null && !this.#detail(id)) {
			this.fetch(id)
		}
	}

	// The id of the lead that is `by` rows further, in the list as it is shown.
	beside(by, from = this.selected) {
		const rows = this.shown
		const at = rows.findIndex((l) => l.id === from)
		const to = at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)
		if (to >= rows.length - 10) {
			this.more()
		}
		return rows[to]?.id ?? null
	}

	// An answer that was overtaken by a step is not shown: after the step the lead is fetched again.
	async fetch(id) {
		try {
			const lead = await get(`/leads/${id}`)
			if (this.#chains.has(id) || lead.version < this.#version(id)) {
				return
			}
			this.details.set(id, lead)
			this.#merge(id, lead)
		} catch (why) {
			this.details.set(id, why)
		}
		this.changed()
	}

	#version(id) {
		return Math.max(this.items.find((l) => l.id === id)?.version ?? 0, this.#detail(id)?.version ?? 0)
	}

	#merge(id, lead) {
		const { signals: _s, history: _h, score_made_of: _m, evidence_gone: _e, ...core } = lead
		this.items = this.items.map((l) => (l.id === id ? core : l))
		const detail = this.#detail(id)
		if (detail) {
			this.details.set(id, { ...detail, ...lead })
		}
	}

	// ---- working ----

	step(step, more = {}) {
		const lead = this.lead
		if (lead === null) {
			return
		}
		const why = refusal(lead, step, this.#me)
		if (why !== null) {
			toasts.say(`Not now: ${why}.`, { tone: 'bad' })
			return
		}
		const { path, body, then } = plan(lead, step, more, this.#me)
		this.#merge(lead.id, { ...lead, ...then })
		this.done = [...this.done, lead.id].slice(-UNDO_MAX)
		toasts.say(SAID[step], { action: { name: 'Undo', run: () => this.undo() } })
		if (DONE_WITH.includes(step)) {
			this.advance()
		}
		this.changed()
		this.#send(lead.id, path, body)
	}

	advance() {
		const id = this.beside(1)
		if (id !== null && id !== this.selected) {
			this.onAdvance?.(id)
		}
	}

	// hark takes back one step of a lead, so the ones before it are not tried.
	undo() {
		const id = this.done.at(-1)
		if (id === undefined) {
			toasts.say('Nothing to undo here.')
			return
		}
		this.done = this.done.filter((d) => d !== id)
		toasts.say('Taken back.')
		this.onAdvance?.(id)
		this.#send(id, 'undo', {})
	}

	#send(id, path, body) {
		const before = this.#chains.get(id) ?? Promise.resolve()
		const mine = before.then(() => this.#sendNow(id, path, body, () => this.#chains.get(id) === mine))
		this.#chains.set(id, mine)
	}

	// What an answer says is shown unless more steps wait behind it.
	async #sendNow(id, path, body, isLast) {
		let answer = null
		try {
			answer = await post(`/leads/${id}/${path}`, body)
		} catch (why) {
			toasts.say(why.message, { tone: 'bad' })
			this.done = this.done.filter((d) => d !== id)
		}
		if (!isLast()) {
			return
		}
		this.#chains.delete(id)
		if (answer !== null) {
			this.#merge(id, answer)
		}
		if (id === this.selected || answer === null) {
			await this.fetch(id)
		} else {
			this.details.delete(id)
		}
		this.changed()
	}

	// ---- what happens elsewhere ----

	hear(event) {
		const known = this.items.find((l) => l.id === event.lead) ?? this.#detail(event.lead)
		if (known === undefined || known === null) {
			this.#hearOfNew(event)
		} else if (event.version > known.version && !this.#chains.has(event.lead)) {
			this.#hearOfKnown(event)
		}
	}

	#hearOfNew(event) {
		const view = VIEWS[this.view]
		const fits = view.states.includes(event.state) && !view.mine && (this.kind === '' || this.kind === event.kind)
		if (!fits || this.phase !== 'ready') {
			return
		}
		if (this.items.length === 0) {
			this.load()
			return
		}
		this.news.add(event.lead)
		this.changed()
	}

	#hearOfKnown(event) {
		this.details.delete(event.lead)
		this.fetch(event.lead)
	}
}
