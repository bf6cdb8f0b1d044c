package dev.vitrine.http.events;

import java.util.List;

/** Says what there is to tell. Called by one thread at a time; may wait for other servers. */
public interface EventSource {

    /**
     * One event.
     *
     * @param name what it is about
     * @param data becomes JSON
     */
    record Event(String name, Object data) {}

    /** Nothing happens. */
    EventSource NONE = new EventSource() {
        @Override
        public List<Event> tick(boolean watched) {
            return List.of();
        }

        @Override
        public List<Event> greeting() {
            return List.of();
        }
    };

    /**
     * What happened since the last call; called every few seconds.
     *
     * @param watched whether anybody gets it
     */
    List<Event> tick(boolean watched);

    /** What somebody who begins to watch must know. */
    List<Event> greeting();
}
