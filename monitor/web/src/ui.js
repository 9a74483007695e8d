// Small parts that every page uses.
import { useLayoutEffect, useRef } from 'preact/hooks'
import { html } from './html.js'
import { Store, useStore } from './store.js'
import { ago, full } from './time.js'

export function Time({ at }) {
	return html`<time datetime=${at} title=${full(at)}>${ago(at)}</time>`
}

export function Chip({ tone = 'plain', children }) {
	return html`<span class="chip ${tone}">${children}</span>`
}

export function Loading({ what }) {
	return html`<p class="notice" role="status">Loading ${what} …</p>`
}

export function Failed({ problem, again }) {
	return html`<div class="notice failed" role="alert">
		<p>${problem.message}</p>
		${again && html`<button onClick=${again}>Try again</button>`}
	</div>`
}

export function Empty({ title, children }) {
	return html`<div class="notice"><h2>${title}</h2>${children}</div>`
}

// A window over the page; Escape and what is outside of it close it.
export function Dialog({ title, onClose, children, wide = false }) {
	const box = useRef(null)
	useLayoutEffect(() => { // before the next key
		const before = document.activeElement
		box.current.showModal()
		return () => before?.isConnected && before.focus({ preventScroll: true })
	}, [])
	const outside = (event) => event.target === box.current && onClose()
	const cancel = (event) => {
		event.preventDefault()
		onClose()
	}
	return html`<dialog ref=${box} class=${wide ? 'wide' : ''} aria-label=${title} onCancel=${cancel} onMouseDown=${outside}>
		<div class="inside">
			<h2>${title}</h2>
			${children}
		</div>
	</dialog>`
}

// ---- what is said in passing ----

const SHOWN_MS = 12000

class Toasts extends Store {
	now = null
	#timer = null

	say(text, { tone = 'plain', action = null } = {}) {
		clearTimeout(this.#timer)
		this.now = { text, tone, action }
		this.#timer = setTimeout(() => this.clear(), SHOWN_MS)
		this.changed()
	}

	clear() {
		this.now = null
		this.changed()
	}
}

export const toasts = new Toasts()

export function ToastArea() {
	const { now } = useStore(toasts)
	const act = () => {
		toasts.clear()
		now.action.run()
	}
	return html`<div class="toasts" role=${now?.tone === 'bad' ? 'alert' : 'status'}>
		${now && html`<div class="toast ${now.tone}">
			<span>${now.text}</span>
			${now.action && html`<button onClick=${act}>${now.action.name}</button>`}
			<button class="quiet" aria-label="Close this message" onClick=${() => toasts.clear()}>×</button>
		</div>`}
	</div>`
}
