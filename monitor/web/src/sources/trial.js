// What one request to a source gave, with nothing kept.
import { html } from '../html.js'
import { Failed, Loading, Time } from '../ui.js'

function Posts({ trial }) {
	if (trial.posts.length === 0) {
		return html`<p>${trial.profiles_total > 0 ? `It gives ${trial.profiles_total} profiles.` : 'It gives no posts now.'}</p>`
	}
	const more = trial.posts_total - trial.posts.length
	return html`<ol class="trial-posts">${trial.posts.map((p) => html`<li>
		<span class="trial-title">${p.title || (p.text ?? '').slice(0, 140) || p.id}</span>${' '}
		<span class="hint">${p.author?.display_name ?? p.author?.handle} ${p.published && html`<${Time} at=${p.published} />`}</span></li>`)}</ol>
		${more > 0 && html`<p class="hint">and ${more} more</p>`}`
}

function Requests({ requests }) {
	return html`<details><summary>${requests.length === 1 ? 'One request was sent' : `${requests.length} requests were sent`}</summary>
		<ul>${requests.map((r) => html`<li><code>${r.method} ${r.url}</code> ${r.error ?? `${r.status ?? ''}, ${r.bytes ?? 0} bytes, ${r.ms ?? 0} ms`}</li>`)}</ul></details>`
}

export function Trial({ trial, again }) {
	if (trial === undefined) {
		return null
	}
	if (trial === 'under way') {
		return html`<${Loading} what="one answer; a slow server may take a while" />`
	}
	if (trial instanceof Error) {
		return html`<${Failed} problem=${trial} again=${again} />`
	}
	return html`<section class="trial" aria-label="What it gives">
		<h3>What it gives</h3>
		${trial.error && html`<p class="failed" role="alert">${trial.error}</p>`}
		${trial.degraded && html`<p class="hint">Damaged: ${trial.degraded}</p>`}
		${!trial.error && html`<p role="status">${trial.posts_total === 1 ? 'One post' : `${trial.posts_total} posts`}; nothing was kept.</p><${Posts} trial=${trial} />`}
		${trial.skipped.map((s) => html`<p class="hint">Left out: ${s.items}, ${s.why}</p>`)}
		<${Requests} requests=${trial.requests} />
	</section>`
}
