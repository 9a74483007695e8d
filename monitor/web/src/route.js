// Where the reader is, as the path of the page.
import { Store } from './store.js'

class Route extends Store {
	get parts() {
		return location.pathname.split('/').filter(Boolean)
	}

	get query() {
		return new URLSearchParams(location.search)
	}

	go(path, { replace = false } = {}) {
		if (path !== location.pathname + location.search) {
			history[replace ? 'replaceState' : 'pushState'](null, '', path)
			this.changed()
		}
	}
}

export const route = new Route()
addEventListener('popstate', () => route.changed())

// For <a onClick>: the browser is left to do what was asked with a modifier.
export function follow(event) {
	if (event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey) {
		event.preventDefault()
		route.go(event.currentTarget.getAttribute('href'))
	}
}
