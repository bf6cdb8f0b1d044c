/**
 * {@code ./vitrine doctor}: what an operator would look at. What only one room knows is looked at in that room, such as
 * {@code queue.RedisExamination}; nothing here changes anything.
 */
package dev.vitrine.cli.doctor;
