/**
 * What comes in: checking uploads, the drop folder, other sources, downloads, and when nothing can be taken. What passes
 * here can be indexed. Nothing of this room embeds, searches or answers a question.
 */
package dev.vitrine.intake;
