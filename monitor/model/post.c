#include "monitor/model/post.h"

void post_init(struct post *p)
{
	*p = (struct post){
		.author = {.followers = COUNT_NONE, .following = COUNT_NONE, .verified = -1},
		.likes = COUNT_NONE,
		.replies = COUNT_NONE,
		.shares = COUNT_NONE,
		.views = COUNT_NONE,
		.score = COUNT_NONE,
		.rating = COUNT_NONE,
	};
}
