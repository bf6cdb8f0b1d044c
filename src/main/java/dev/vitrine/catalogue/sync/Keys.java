package dev.vitrine.catalogue.sync;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.h2.mvstore.MVMap;

/**
 * The keys of a map on disk, in their order. It asks the map for each next one: the map's own iterators hold on to the
 * version in which they began, of which the store may remove pages after a while, and a catalogue takes hours.
 */
final class Keys implements Iterator<String> {
    private final MVMap<String, ?> map;
    private String next;

    Keys(MVMap<String, ?> map) {
        this.map = map;
        this.next = map.firstKey();
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public String next() {
        if (next == null) {
            throw new NoSuchElementException();
        }
        String key = next;
        next = map.higherKey(key);
        return key;
    }
}
