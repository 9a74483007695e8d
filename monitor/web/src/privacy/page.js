// What people may ask of whoever holds something about them, and the proof of what was done.
import { useEffect } from 'preact/hooks'
import { watch } from '../api.js'
import { html } from '../html.js'
import { follow, route } from '../route.js'
import { Empty } from '../ui.js'
import { Due } from './due.js'
import { Trail } from './trail.js'
import { Who } from './who.js'

export const PRIVACY_ROLES = ['admin', 'compliance']

const TABS = [['', 'Somebody asks', Who], ['due', 'To inform', Due], ['trail', 'Audit trail', Trail]]
const pathOf = (id) => (id === '' ? '/privacy' : `/privacy/${id}`)

export function PrivacyPage({ me, parts, onLive, setCommands }) {
	const may = PRIVACY_ROLES.includes(me.role)
	const [at, , Part] = TABS.find(([id]) => id === (parts[1] ?? '')) ?? TABS[0]
	useEffect(() => {
		setCommands(may ? TABS.map(([id, name]) => ({ name: `Privacy: ${name}`, run: () => route.go(pathOf(id)) })) : [])
		return watch({}, onLive)
	}, [])
	return html`<main class="overview privacy">
		<h1>Privacy</h1>
		${may ? html`<nav class="tabs" aria-label="Privacy">${TABS.map(([id, name]) => html`<a key=${id} href=${pathOf(id)} aria-current=${id === at ? 'page' : undefined} onClick=${follow}>${name}</a>`)}</nav>
			<${Part} key=${at} />` : html`<${Empty} title="This page is for compliance and admins"><p>What people ask about what is held of them goes to one of these.</p><//>`}
	</main>`
}
