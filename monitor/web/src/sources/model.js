// The sources on the page. hark tells which of them stand otherwise; those are asked for, not the whole list.
import { Turns } from '../answers.js'
import { get, post } from '../api.js'
import { Store } from '../store.js'
import { toasts } from '../ui.js'
import { ails } from './words.js'

const SOON_MS = 300 // what comes in a rush is asked for at once
const FEW = 20 // more than that: the list is asked for instead

const SAID = { pause: 'It is not asked any more until you resume it.', resume: 'It is asked again.', poll: 'It is asked next.' }

const BACK = { pause: 'resume', resume: 'pause' }

export class Sources extends Store {
	items = []
	phase = 'loading' // 'ready', 'failed'
	problem = null
	words = ''
	selected = null
	details = new Map() // by name: the source with all its gaps, or a problem
	trials = new Map() // by name: 'under way', what came of it, or a problem
	#turns = new Turns() // by name; the list has none
	#told = new Set() // names that stand otherwise by now
	#soon = null

	get shown() {
		const words = this.words.toLowerCase().split(/\s+/).filter(Boolean)
		const fits = (s) => words.every((w) => [s.name, s.url, s.connector, s.error].join(' ').toLowerCase().includes(w))
		return this.items.filter(fits).sort((a, b) => ails(b) - ails(a) || a.name.localeCompare(b.name))
	}

	get source() {
		return this.#rowOf(this.selected)
	}

	#rowOf(name) {
		return this.items.find((s) => s.name === name) ?? null
	}

	async load() {
		const turn = this.#turns.next()
		const answer = await get('/sources').catch((why) => why)
		if (!this.#turns.take(turn)) {
			return
		}
		this.items = answer.items?.map((s) => (this.#turns.isLate(turn, s.name) ? this.#rowOf(s.name) ?? s : s)) ?? this.items
		this.problem = answer instanceof Error ? answer : null
		this.phase = this.problem === null || this.items.length > 0 ? 'ready' : 'failed'
		this.changed()
	}

	// ---- what happens elsewhere ----

	hear(name) {
		this.#told.add(name)
		this.#lookSoon()
	}

	#lookSoon() {
		this.#soon ??= setTimeout(() => this.#lookAtTold(), SOON_MS)
	}

	async #lookAtTold() {
		const told = [...this.#told]
		this.#told.clear()
		if (told.length > FEW || told.some((name) => this.#rowOf(name) === null)) {
			await this.load()
			await this.fetch(told.includes(this.selected) ? this.selected : null)
		} else {
			await Promise.all(told.map((name) => this.fetch(name)))
		}
		this.#soon = null
		if (this.#told.size > 0) {
			this.#lookSoon()
		}
	}

	// What the line did not tell while it was down.
	catchUp() {
		this.load()
		this.fetch(this.selected)
	}

	find(words) {
		this.words = words
		this.changed()
	}

	beside(by) {
		const rows = this.shown
		const at = rows.findIndex((s) => s.name === this.selected)
		return rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)]?.name ?? null
	}

	select(name) {
		this.selected = name
		this.changed()
		this.fetch(name)
	}

	async fetch(name) {
		if (name === null) {
			return
		}
		const turn = this.#turns.next()
		const answer = await get(`/sources/${encodeURIComponent(name)}`).catch((why) => why)
		if (this.#turns.take(turn, name)) {
			this.details.set(name, answer)
			this.items = answer instanceof Error ? this.items : this.items.map((s) => (s.name === name ? answer : s))
			this.changed()
		}
	}

	async act(step, body = {}, name = this.selected) {
		try {
			await post(`/sources/${encodeURIComponent(name)}/${step}`, body)
			this.#turns.know() // what was asked before shows it as it was
			this.#turns.know(name)
			const back = BACK[step]
			toasts.say(`${name}: ${SAID[step]}`, { action: back ? { name: 'Undo', run: () => this.act(back, {}, name) } : null })
		} catch (why) {
			const again = step === 'poll' && why.status === 409 && !body.force
			toasts.say(why.message, {
				tone: 'bad', action: again ? { name: 'Ask all the same', run: () => this.act('poll', { force: true }, name) } : null,
			})
		}
		await Promise.all([this.load(), this.fetch(name)])
	}

	// Returns whether it is gone.
	async remove(name) {
		try {
			const { reloaded, reload_error: why } = await post(`/sources/${encodeURIComponent(name)}/remove`)
			toasts.say(reloaded ? `${name} is taken out. What was read from it stays.` : `${name} is taken out of the file, but harkd goes on with it: ${why}`,
				{ tone: reloaded ? 'plain' : 'bad' })
		} catch (why) {
			toasts.say(why.message, { tone: 'bad' })
			return false
		}
		this.details.delete(name)
		await this.load()
		return true
	}

	async try() {
		const name = this.selected
		this.trials.set(name, 'under way')
		this.changed()
		try {
			this.trials.set(name, await post(`/sources/${encodeURIComponent(name)}/try`))
		} catch (why) {
			this.trials.set(name, why)
		}
		this.changed()
	}
}
