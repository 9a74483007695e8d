// The frame around every page: where one is, what can be done, who is there.
import { useEffect, useState } from 'preact/hooks'
import { AlertsPage } from './alerts/page.js'
import { logOut } from './api.js'
import { Help } from './help.js'
import { html } from './html.js'
import { useKeys } from './keys.js'
import { LeadsPage } from './leads/page.js'
import { OverviewPage } from './overview/page.js'
import { Palette } from './palette.js'
import { PeoplePage } from './people/page.js'
import { PRIVACY_ROLES, PrivacyPage } from './privacy/page.js'
import { ReferencesPage } from './references/page.js'
import { follow, route } from './route.js'
import { RulesPage } from './rules/page.js'
import { SourcesPage } from './sources/page.js'
import { useStore } from './store.js'
import { applyTheme, theme, THEMES } from './theme.js'
import { Empty, ToastArea, toasts } from './ui.js'

const PAGES = [
	{ id: 'overview', name: 'Overview', key: 'o', Page: OverviewPage },
	{ id: 'leads', name: 'Leads', key: 'i', Page: LeadsPage },
	{ id: 'people', name: 'People', key: 'p', Page: PeoplePage },
	{ id: 'references', name: 'References', key: 'r', Page: ReferencesPage },
	{ id: 'rules', name: 'Rules', key: 'u', Page: RulesPage },
	{ id: 'sources', name: 'Sources', key: 's', Page: SourcesPage },
	{ id: 'alerts', name: 'Alerts', key: 'a', Page: AlertsPage },
	{ id: 'privacy', name: 'Privacy', key: 'v', Page: PrivacyPage, roles: PRIVACY_ROLES },
]

function pagesOf(me) {
	return PAGES.filter((p) => p.roles === undefined || p.roles.includes(me.role))
}

function Nav({ at, me }) {
	return html`<nav aria-label="Pages">${pagesOf(me).map(({ id, name }) => html`<a key=${id} href="/${id}"
		aria-current=${id === at ? 'page' : undefined} onClick=${follow}>${name}</a>`)}</nav>`
}

function Top({ at, me, live, onHelp, onPalette, onLogOut }) {
	const [chosen, setChosen] = useState(theme())
	const next = () => {
		const name = THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length]
		applyTheme(name)
		setChosen(name)
	}
	return html`<header class="top">
		<a class="brand" href="/leads" onClick=${follow}>hark</a>
		<${Nav} at=${at} me=${me} />
		<span class="live ${live ? 'up' : ''}" role="status">${live ? 'Live' : 'Connecting …'}</span>
		<button class="quiet" onClick=${onPalette}>Commands <kbd aria-hidden="true">Ctrl K</kbd></button>
		<button class="quiet" onClick=${onHelp}>Keys</button>
		<button class="quiet" onClick=${next}>Theme: ${chosen}</button>
		<span class="me">${me.user}</span>
		${me.token && html`<button class="quiet" onClick=${onLogOut}>Sign out</button>`}
	</header>`
}

export function Shell({ me, onLoggedOut }) {
	useStore(route)
	const [over, setOver] = useState(null) // 'help', 'palette'
	const [live, setLive] = useState(false)
	const [commands, setCommands] = useState([])
	const { parts } = route
	const pages = pagesOf(me)
	const page = PAGES.find((p) => p.id === (parts[0] ?? 'leads'))
	const leave = async () => {
		try {
			await logOut()
			onLoggedOut()
		} catch (why) {
			toasts.say(why.message, { tone: 'bad' })
		}
	}
	useEffect(() => {
		document.title = `${page?.name ?? 'Not found'} · hark`
	}, [page])
	useKeys({
		'Ctrl-K': () => setOver('palette'), '?': () => setOver('help'),
		...Object.fromEntries(pages.map((p) => [`g-${p.key}`, () => route.go(`/${p.id}`)])),
	})
	const all = [
		...toasts.commands, ...commands, ...pages.map((p) => ({ name: `Go to ${p.name}`, key: `g ${p.key}`, run: () => route.go(`/${p.id}`) })),
		...THEMES.map((t) => ({ name: `Theme: ${t}`, run: () => applyTheme(t) })),
		{ name: 'Keys', key: '?', run: () => setOver('help') }, ...(me.token ? [{ name: 'Sign out', run: leave }] : []),
	]
	return html`
		<${Top} at=${page?.id} me=${me} live=${live} onHelp=${() => setOver('help')} onPalette=${() => setOver('palette')} onLogOut=${leave} />
		${page ? html`<${page.Page} me=${me} parts=${parts} onLive=${setLive} setCommands=${setCommands} />`
			: html`<main><${Empty} title="Nothing is here"><p><a href="/leads" onClick=${follow}>To the leads</a></p><//></main>`}
		<${ToastArea} />
		${over === 'help' && html`<${Help} at=${page?.id} pages=${pages} onClose=${() => setOver(null)} />`}
		${over === 'palette' && html`<${Palette} commands=${all} onClose=${() => setOver(null)} />`}`
}
