import { Turns } from '../answers.js'
import { get } from '../api.js'
import { Store } from '../store.js'

// The rules in force, and the texts that nobody has saved yet, by the rule's id ("+" is a new one's).
export class Rules extends Store {
	items = null
	problem = null
	words = ''
	status = ''
	drafts = new Map()
	#turns = new Turns()

	async load() {
		const turn = this.#turns.next()
		const answer = await get('/rules').catch((why) => why)
		if (!this.#turns.take(turn)) {
			return
		}
		this.problem = answer instanceof Error ? answer : null
		this.items = answer.items ?? this.items
		this.changed()
	}

	filter(change) {
		Object.assign(this, change)
		this.changed()
	}

	shown() {
		const words = this.words.trim().toLowerCase()
		return (this.items ?? []).filter((r) => (this.status === '' || r.status === this.status) &&
			[r.id, r.title, r.kind, r.file].some((text) => text.toLowerCase().includes(words)))
	}

	// The id beside that one; the first where none is chosen; null: there is none.
	beside(id, by) {
		const all = this.shown()
		const at = all.findIndex((r) => r.id === id)
		return all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]?.id ?? null
	}

	keepDraft(id, text) {
		if (text === null) {
			this.drafts.delete(id)
		} else {
			this.drafts.set(id, text)
		}
		this.changed()
	}
}
