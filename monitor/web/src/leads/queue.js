// The leads on the page: what is listed, what is looked at, and the steps under way.
//
// A step is shown at once and sent behind it, one after the other for each lead; where the server refuses, the lead
// is as the server has it again and the reader hears why. What others do is written into its row. Nothing moves
// under the reader: new leads wait until they are asked for, and what is done keeps its place until the list is
// loaded anew.
import { post } from '../api.js'
import { Records } from '../records.js'
import { toasts } from '../ui.js'
import { DONE_WITH, plan, refusal, SAID } from './steps.js'

const STATES_OPEN = ['new', 'claimed', 'answered']
const NEAR = 10 // rows before the end: more are asked for

export const VIEWS = {
	open: { name: 'To work on', states: STATES_OPEN },
	new: { name: 'New', states: ['new'] },
	mine: { name: 'Mine', states: ['claimed', 'answered'], mine: true },
	snoozed: { name: 'Snoozed', states: ['snoozed'] },
	closed: { name: 'Closed', states: ['won', 'lost', 'dismissed'] },
	historic: { name: 'From first polls', states: ['all'], historic: true },
}

function coreOf({ signals: _s, history: _h, score_made_of: _m, evidence_gone: _e, ...core }) {
	return core
}

function textOf(lead) {
	return [lead.title, lead.why, lead.subject?.name, lead.person?.name, lead.account?.name, lead.owner].join(' ')
}

export class Queue extends Records {
	view = 'open'
	kind = ''
	news = new Set()
	#me
	#chains = new Map() // by id: the steps under way
	#heard = new Map() // by id: the version that was told of meanwhile

	constructor(me) {
		super({ path: '/leads', idOf: (l) => l.id, query: (queue) => queue.query(), core: coreOf, text: textOf })
		this.#me = me
	}

	get lead() {
		return this.rowOf(this.selected) ?? this.detail
	}

	isAhead(id) {
		return this.#chains.has(id)
	}

	// ---- loading ----

	query() {
		const { states, mine, historic } = VIEWS[this.view]
		return { state: states.join(','), kind: this.kind, claimed_by: mine && this.#me.user, historic: historic && 'true' }
	}

	async load() {
		if (await super.load()) {
			this.news.clear()
			this.changed()
		}
	}

	choose({ view = this.view, kind = this.kind }) {
		this.view = VIEWS[view] ? view : 'open'
		this.kind = kind
		this.done = []
		return this.empty()
	}

	// ---- looking ----

	select(id) {
		this.selected = id
		this.changed()
		if (id !== null && this.detail === null) {
			this.fetch(id)
		}
	}

	beside(by, rows = this.shown) {
		const id = super.beside(by, rows)
		if (rows.findIndex((l) => l.id === id) >= rows.length - NEAR) {
			this.more()
		}
		return id
	}

	// What is known of a lead but for its evidence.
	#merge(lead) {
		const detail = this.detailOf(lead.id)
		if (detail !== null) {
			this.details.set(lead.id, { ...detail, ...lead })
		}
		this.setRow(lead)
	}

	// ---- working ----

	// The step is shown at once.
	work(step, more = {}, id = this.selected) {
		const lead = this.rowOf(id) ?? this.detailOf(id)
		if (lead === null) {
			return
		}
		const why = refusal(lead, step, this.#me)
		if (why !== null) {
			toasts.say(`Not now: ${why}.`, { tone: 'bad' })
			return
		}
		const { path, body, then } = plan(lead, step, more, this.#me)
		this.#merge({ ...lead, ...then })
		this.didOn(lead.id)
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
		const isNewer = (this.#heard.get(id) ?? 0) > (answer?.version ?? 0) // somebody else was at it, too
		this.#chains.delete(id)
		this.#heard.delete(id)
		this.turns.know(id)
		if (answer !== null) {
			this.#merge(answer)
		}
		if (id === this.selected || isNewer || answer === null) {
			await this.fetch(id)
		} else {
			this.details.delete(id)
		}
		this.changed()
	}

	// ---- what happens elsewhere ----

	hear(event) {
		const known = this.rowOf(event.lead) ?? this.detailOf(event.lead)
		if (this.isAhead(event.lead)) {
			this.#heard.set(event.lead, event.version)
		} else if (known === null) {
			this.#hearOfNew(event)
		} else if (event.version > known.version) {
			this.fetch(event.lead)
		}
	}

	#hearOfNew(event) {
		const { states, mine, historic } = VIEWS[this.view]
		const fits = states.includes(event.state) && !mine && !historic && (this.kind === '' || this.kind === event.kind)
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

	// What the line did not tell while it was down: rows that are shown are as hark has them, others are news.
	async catchUp() {
		if (this.loading) {
			await this.load()
			return
		}
		const page = await this.page().catch(() => null)
		for (const lead of page?.items ?? []) {
			this.hear({ lead: lead.id, version: lead.version, state: lead.state, kind: lead.kind })
		}
	}
}
