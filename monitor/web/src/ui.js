// Small parts that every page uses.
import { useLayoutEffect, useRef } from 'preact/hooks'
import { html } from './html.js'
import { Store, useStore } from './store.js'
import { ago, day, full } from './time.js'

const minute = new Store() // changes each minute
setInterval(() => minute.changed(), 60000)

export function Time({ at }) {
	useStore(minute)
	return html`<time datetime=${at} title=${full(at)}>${ago(at)}</time>`
}

// A day to come that somebody may write down.
export function Day({ at }) {
	return html`<time datetime=${at} title=${full(at)}>${day(at)}</time>`
}

export function Chip({ tone = 'plain', children }) {
	return html`<span class="chip ${tone}">${children}</span>`
}

export function Loading({ what }) {
	return html`<p class="notice" role="status">Loading ${what} …</p>`
}

// What is not there will not be there the next time either.
export function Failed({ problem, again }) {
	const gone = problem.status === 404 || problem.status === 410
	return html`<div class="notice failed" role="alert">
		<p>${problem.message}${gone && ': it is gone, or never was'}</p>
		${again && !gone && html`<button onClick=${again}>Try again</button>`}
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

// One at a time. It stays while somebody points at it or is on it with the keys, and what is gone is said again by a
// command (WCAG 2.2.1: nobody is too slow).
class Toasts extends Store {
	now = null
	last = null
	#timer = null

	say(text, { tone = 'plain', action = null } = {}) {
		this.now = this.last = { text, tone, action }
		this.go()
		this.changed()
	}

	isUsed = () => false

	go() {
		clearTimeout(this.#timer)
		this.#timer = setTimeout(() => (this.isUsed() ? this.go() : this.clear()), SHOWN_MS)
	}

	clear() {
		clearTimeout(this.#timer)
		this.now = null
		this.changed()
	}

	// What it offers is done once.
	act() {
		const { run } = this.now.action
		this.last = null
		this.clear()
		run()
	}

	get commands() {
		const { last } = this
		return last === null ? [] : [{ name: `Last message: ${last.text}`, run: () => this.say(last.text, last) }]
	}
}

export const toasts = new Toasts()

export function ToastArea() {
	const { now } = useStore(toasts)
	const box = useRef(null)
	toasts.isUsed = () => box.current?.matches(':hover, :focus-within')
	return html`<div class="toasts" role=${now?.tone === 'bad' ? 'alert' : 'status'}>
		${now && html`<div ref=${box} class="toast ${now.tone}">
			<span>${now.text}</span>
			${now.action && html`<button onClick=${() => toasts.act()}>${now.action.name}</button>`}
			<button class="quiet" aria-label="Close this message" onClick=${() => toasts.clear()}>×</button>
		</div>`}
	</div>`
}
