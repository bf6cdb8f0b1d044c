/**
 * Webhooks: who wants to know that a job ended is told, signed after Standard Webhooks 1.0.0, again and again until it
 * took the message. What is owed is a file each; the queue only says when it is tried.
 */
package dev.vitrine.callbacks;
