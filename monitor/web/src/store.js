// State outside of components: what changes it says so, and the components that look at it are drawn anew.
import { useLayoutEffect, useReducer } from 'preact/hooks'

export class Store {
	#listeners = new Set()

	listen(fn) {
		this.#listeners.add(fn)
		return () => this.#listeners.delete(fn)
	}

	changed() {
		for (const fn of this.#listeners) {
			fn()
		}
	}
}

export function useStore(store) {
	const [, draw] = useReducer((n) => n + 1, 0)
	useLayoutEffect(() => store.listen(draw), [store])
	return store
}

// What a browser remembers, or nothing where it must not.
export function recall(name, otherwise) {
	try {
		return localStorage.getItem('hark.' + name) ?? otherwise
	} catch {
		return otherwise
	}
}

export function remember(name, value) {
	try {
		localStorage.setItem('hark.' + name, value)
	} catch {
		// it is asked again next time
	}
}
