# Shipped definitions, each with its samples; `hark connector test --all` runs them.
dist_definitions_DATA = \
	connectors/definitions/bluesky-author.yaml \
	connectors/definitions/bluesky-profile.yaml \
	connectors/definitions/bluesky-search.yaml \
	connectors/definitions/discourse-own.yaml \
	connectors/definitions/discourse.yaml \
	connectors/definitions/hackernews-firebase.yaml \
	connectors/definitions/hackernews.yaml \
	connectors/definitions/lemmy-comments.yaml \
	connectors/definitions/lemmy.yaml \
	connectors/definitions/mastodon-account.yaml \
	connectors/definitions/mastodon-public.yaml \
	connectors/definitions/mastodon-tag.yaml
dist_definitionsamples_DATA = \
	connectors/definitions/samples/bluesky-author.json \
	connectors/definitions/samples/bluesky-author.jsonl \
	connectors/definitions/samples/bluesky-profile.json \
	connectors/definitions/samples/bluesky-profile.jsonl \
	connectors/definitions/samples/bluesky-search.json \
	connectors/definitions/samples/bluesky-search.jsonl \
	connectors/definitions/samples/discourse-own.jsonl \
	connectors/definitions/samples/discourse.json \
	connectors/definitions/samples/discourse.jsonl \
	connectors/definitions/samples/feed.xml \
	connectors/definitions/samples/hackernews-firebase.json \
	connectors/definitions/samples/hackernews-firebase.jsonl \
	connectors/definitions/samples/hackernews.json \
	connectors/definitions/samples/hackernews.jsonl \
	connectors/definitions/samples/lemmy-comments.json \
	connectors/definitions/samples/lemmy-comments.jsonl \
	connectors/definitions/samples/lemmy.json \
	connectors/definitions/samples/lemmy.jsonl \
	connectors/definitions/samples/mastodon-account.jsonl \
	connectors/definitions/samples/mastodon-public.jsonl \
	connectors/definitions/samples/mastodon-tag.jsonl \
	connectors/definitions/samples/mastodon.json
EXTRA_DIST += \
	connectors/definitions/samples/bad/empty \
	connectors/definitions/samples/bad/null.json \
	connectors/definitions/samples/bad/odd.json \
	connectors/definitions/samples/bad/page.html \
	connectors/definitions/samples/bad/truncated.json \
	connectors/definitions/samples/bad/wrong.json
