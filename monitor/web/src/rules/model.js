import { get } from '../api.js'
import { Store } from '../store.js'

// The rules in force, and the texts that nobody has saved yet, by the rule's id ("+" is a new one's).
export class Rules extends Store {
	items = null
	problem = null
	words = ''
	status = ''
	drafts = new Map()

	async load() {
		try {
			this.items = (await get('/rules')).items
			this.problem = null
		} catch (why) {
			this.problem = why
		}
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
