package dev.vitrine.reload.check;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/**
 * Refuses YAML that cannot be walked: nested too deep, holding itself, or growing without bound where its aliases are
 * filled in. It is read as a stream of events, so the depth of a file costs no stack.
 */
final class YamlLimits {
    private static final int MOST_LEVELS = 100;
    private static final long MOST_NODES = 200_000;

    /** A piece that an alias may stand for: its nodes, aliases filled in, and its levels. */
    private record Size(long nodes, int levels) {}

    /** A list or map whose end was not read yet. */
    private static final class Open {
        private final Anchor anchor;
        private long nodes = 1;
        private int levels = 1;

        Open(Anchor anchor) {
            this.anchor = anchor;
        }

        void take(Size inner) {
            nodes += inner.nodes();
            levels = Math.max(levels, inner.levels() + 1);
        }
    }

    private final Map<Anchor, Size> anchors = new HashMap<>();
    private final Deque<Open> open = new ArrayDeque<>();

    private YamlLimits() {}

    /** @throws YamlNode.NotYamlException where a text goes beyond them, with the line */
    static void check(LoadSettings settings, String text) throws YamlNode.NotYamlException {
        YamlLimits limits = new YamlLimits();
        for (Event event : new Parse(settings).parseString(text)) {
            limits.read(event);
        }
    }

    private void read(Event event) throws YamlNode.NotYamlException {
        if (event instanceof CollectionStartEvent start) {
            open.push(new Open(start.getAnchor().orElse(null)));
            if (open.size() > MOST_LEVELS) {
                throw refused(event, "nested more than " + MOST_LEVELS + " levels deep; routes need a few dozen");
            }
        } else if (event instanceof CollectionEndEvent) {
            Open ended = open.pop();
            Size size = new Size(ended.nodes, ended.levels);
            if (ended.anchor != null) {
                anchors.put(ended.anchor, size);
            }
            take(event, size);
        } else if (event instanceof AliasEvent alias) {
            take(event, size(alias));
        } else if (event instanceof ScalarEvent scalar) {
            Size size = new Size(1, 1);
            scalar.getAnchor().ifPresent(anchor -> anchors.put(anchor, size));
            take(event, size);
        }
    }

    private Size size(AliasEvent alias) throws YamlNode.NotYamlException {
        Anchor anchor = alias.getAlias();
        if (open.stream().anyMatch(each -> anchor.equals(each.anchor))) {
            throw refused(alias, "\"*" + anchor.getValue() + "\" stands inside of what it refers to; write it out");
        }
        return anchors.getOrDefault(anchor, new Size(1, 1)); // an unknown one is found when the text is composed
    }

    private void take(Event event, Size size) throws YamlNode.NotYamlException {
        if (open.isEmpty()) {
            return;
        }
        open.element().take(size);
        if (open.size() + size.levels() > MOST_LEVELS) {
            throw refused(event, "nested more than " + MOST_LEVELS + " levels deep where its aliases are filled in");
        }
        if (open.element().nodes > MOST_NODES) {
            throw refused(event, "more than " + MOST_NODES + " entries where its aliases are filled in");
        }
    }

    private static YamlNode.NotYamlException refused(Event event, String why) {
        int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        return new YamlNode.NotYamlException(line, "YAML that no route can be made of: " + why, null);
    }
}
