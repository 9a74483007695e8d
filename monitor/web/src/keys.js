// Keys. A page says what its keys do; single ones can be turned off (WCAG 2.1.4), Ctrl-K and Escape stay.
import { useLayoutEffect, useRef } from 'preact/hooks'
import { recall, remember } from './store.js'

const SEQUENCE_MS = 1200

const layers = [] // the last one hears first
let prefix = null // "g", and until when the next key belongs to it

export function keysAreOn() {
	return recall('keys', 'on') === 'on'
}

export function setKeys(on) {
	remember('keys', on ? 'on' : 'off')
}

function isTyping(target) {
	return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null
}

function nameOf(event) {
	return event.key === 'k' && (event.ctrlKey || event.metaKey) ? 'Ctrl-K' : event.key
}

function isSingle(name) {
	return name !== 'Ctrl-K' && name !== 'Escape'
}

function withPrefix(name, now) {
	const whole = prefix !== null && now < prefix.until ? `${prefix.key}-${name}` : name
	prefix = null
	return whole
}

addEventListener('keydown', (event) => {
	let name = nameOf(event)
	if (isSingle(name)) {
		if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !keysAreOn()) {
			return
		}
		if (document.querySelector('dialog[open]') !== null) {
			return
		}
		name = withPrefix(name, event.timeStamp)
	}
	for (let i = layers.length - 1; i >= 0; i--) {
		const act = layers[i].current[name]
		if (act && act(event) !== false) {
			event.preventDefault()
			return
		}
	}
	if (name === 'g') {
		prefix = { key: name, until: event.timeStamp + SEQUENCE_MS }
	}
})

// `keys`: {name: function}; a function that returns false leaves the key to others.
export function useKeys(keys) {
	const latest = useRef(keys)
	latest.current = keys
	useLayoutEffect(() => { // before the next key
		layers.push(latest)
		return () => layers.splice(layers.indexOf(latest), 1)
	}, [])
}
