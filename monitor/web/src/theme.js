// Light, dark, or as the system is.
import { recall, remember } from './store.js'

export const THEMES = ['system', 'light', 'dark']

export function theme() {
	const kept = recall('theme', 'system')
	return THEMES.includes(kept) ? kept : 'system'
}

export function applyTheme(name = theme()) {
	document.documentElement.dataset.theme = name
	remember('theme', name)
}
