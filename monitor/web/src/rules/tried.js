// What trying a text has given: what is wrong, its tests, a preview, a backtest.
import { html } from '../html.js'
import { webAddress } from '../links.js'
import { cut } from '../marks.js'
import { Chip, Failed, Time } from '../ui.js'
import { count } from './list.js'

const RAISES = { lead: ['a lead', 'good'], signal: ['kept, too weak for a lead', 'plain'], nothing: ['nothing', 'plain'] }

export function Findings({ findings, onGo }) {
	return html`<ul class="findings">${findings.map((f) => html`<li class=${f.level}><button onClick=${() => onGo(f)}>
		<span class="place">${f.line}:${f.col}</span> <strong>${f.level} ${f.code}</strong> ${f.message}${f.help ? ` (${f.help})` : ''}</button></li>`)}</ul>`
}

function Marked({ post, spans }) {
	const piece = ([text, marked]) => (marked ? html`<mark>${text}</mark>` : text)
	return html`<blockquote>
		${post.title && html`<p class="post-title">${cut(post.title, spans, 'title').map(piece)}</p>`}
		<p class="post-text">${cut(post.text ?? '', spans, 'text').map(piece)}</p></blockquote>`
}

function Where({ item }) {
	const address = webAddress(item.post.url)
	return html`<p class="meta">${item.post.author?.display_name ?? item.post.author?.handle ?? 'somebody'} in ${item.post.source}
		${item.private && html` <${Chip} tone="hot">private<//>`} · <${Time} at=${item.seen} />
		${address && html` · <a href=${address} target="_blank" rel="noopener noreferrer">the post</a>`}</p>`
}

function Match({ match }) {
	const [name, tone] = match.copy ? ['nothing: a copy', 'plain'] : RAISES[match.raises]
	return html`<li class="finding"><p><${Chip} tone=${tone}>${name}<//> ${match.kind}, score ${match.score}${match.title ? `: ${match.title}` : ''}</p>
		<${Marked} post=${match.post} spans=${match.spans} /><${Where} item=${match} /></li>`
}

function Near({ near }) {
	return html`<li class="finding"><p>${near.clause ? html`<code>${near.clause}</code>: ` : ''}${near.miss ?? 'not there'}${near.change ? html`; it would match: ${near.change}` : ''}</p>
		<${Marked} post=${near.post} spans=${[]} /><${Where} item=${near} /></li>`
}

function perWeek(n) {
	return n > 0 && n < 1 ? 'less than one alert a week' : count(Math.round(n), 'alert') + ' a week'
}

export function Preview({ preview }) {
	if (preview.posts === 0) {
		return html`<p>No post is stored yet that it could be tried on.</p>`
	}
	return html`<p class="sum" data-sum><strong>${count(preview.matches, 'match', 'matches')}</strong> in the last ${count(preview.posts, 'post')}: about ${perWeek(preview.alerts_a_week)}.</p>
		${preview.weekly.length > 0 && html`<p class="hint">A week would bring ${preview.weekly.map((w) => `${w.after.toFixed(1)} to ${w.receiver}`).join(', ')}.</p>`}
		<ol class="posts">${preview.newest.map((m, i) => html`<${Match} key=${i} match=${m} />`)}</ol>
		${preview.near.length > 0 && html`<h4>It came near to ${count(preview.near_all, 'post')}</h4>
			<ol class="posts">${preview.near.map((n, i) => html`<${Near} key=${i} near=${n} />`)}</ol>`}`
}

export function Tests({ tests, onGo }) {
	return html`<p data-tests>${tests.passed + tests.failed === 0 ? 'This text holds no tests.' : `${tests.passed} passed, ${tests.failed} failed.`}</p>
		<ul class="findings">${tests.cases.filter((c) => !c.ok).map((c) => html`<li class="error"><button onClick=${() => onGo({ line: c.line, col: 1 })}>
			<span class="place">${c.line}</span> “${c.what}” ${c.why}</button></li>`)}</ul>`
}

export function Backtest({ state, onStop, again }) {
	if (state instanceof Error) {
		return html`<${Failed} problem=${state} again=${again} />`
	}
	const { done = 0, total = 0, result } = state
	if (!result) {
		return html`<div class="actions" role="status"><label>Going through the posts <progress value=${done} max=${Math.max(total, 1)}></progress></label>
			<button onClick=${onStop}>Stop</button></div>`
	}
	const weekly = result.weekly.filter((w) => w.before !== w.after)
	return html`<p data-backtest><strong>+${result.leads_gained} leads, −${result.leads_lost}, ${result.leads_kept} stay</strong>, in ${count(result.posts, 'post')}.</p>
		<div class="wide-table" tabindex="0" role="region" aria-label="Rules of the text"><table><thead><tr><th>Rule</th><th>Found</th><th>New</th><th>Gone</th></tr></thead>
			<tbody>${result.rules.map((r) => html`<tr><th scope="row">${r.rule}</th><td>${r.hits}</td><td>${r.gained}</td><td>${r.lost}</td></tr>`)}</tbody></table></div>
		${weekly.length > 0 && html`<p class="hint">${weekly.map((w) => `${w.receiver}: ${w.before.toFixed(1)} a week now, ${w.after.toFixed(1)} then`).join('; ')}</p>`}`
}
