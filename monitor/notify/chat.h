/* Alerts as messages of chats, for the addresses those give out to post to. Pure.
 *
 * Nothing a stranger wrote is read as markup there: it stands in plain text fields, in runs of rich text, or with
 * every sign of markup escaped, and mentions are off. Every text is cut below what the chat takes. */
#ifndef HARK_NOTIFY_CHAT_H
#define HARK_NOTIFY_CHAT_H

#include "monitor/notify/message.h"

/* Slack, incoming webhooks: Block Kit (header, section, rich_text and context blocks;
 * docs.slack.dev/reference/block-kit). At most 50 blocks; header 150 and section 3,000 characters. */
void chat_slack(struct buf *out, const struct message *m);
/* Teams, the address of a workflow "when a webhook request is received": one Adaptive Card 1.4
 * (adaptivecards.io/explorer), at most 28 KB. */
void chat_teams(struct buf *out, const struct message *m);
/* Discord, execute webhook: one embed (discord.com/developers/docs/resources/message#embed-object-embed-limits).
 * Title 256, description 4,096, a field 1,024, all together 6,000 characters. */
void chat_discord(struct buf *out, const struct message *m);

#endif
