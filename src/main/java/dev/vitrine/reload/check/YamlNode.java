package dev.vitrine.reload.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A piece of YAML that knows its line. */
final class YamlNode {

    /** A key with its value, and the line of the key. */
    record Entry(String key, int line, YamlNode value) {}

    /** The text is not YAML. */
    static final class NotYamlException extends Exception {
        private static final long serialVersionUID = 1;

        private final int line;

        NotYamlException(int line, String message, Throwable cause) {
            super(message, cause);
            this.line = line;
        }

        /** From 1; 0 where it is unknown. */
        int line() {
            return line;
        }
    }

    private final Node node;

    private YamlNode(Node node) {
        this.node = node;
    }

    /** Reads a document; empty where it holds nothing. */
    static Optional<YamlNode> parse(String text) throws NotYamlException {
        try {
            LoadSettings settings = LoadSettings.builder().build();
            YamlLimits.check(settings, text);
            return new Compose(settings).composeString(text).map(YamlNode::new);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            throw new NotYamlException(
                    line, "not YAML: " + e.getProblem() + "; look at the indentation, quotes and colons here", e);
        } catch (YamlEngineException e) {
            throw new NotYamlException(0, "not YAML: " + e.getMessage(), e);
        }
    }

    /** From 1. */
    int line() {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    boolean isText() {
        return node instanceof ScalarNode;
    }

    boolean isMap() {
        return node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    /** Whether nothing was written. */
    boolean isNull() {
        return node.getTag().equals(Tag.NULL);
    }

    /** The text of a scalar; empty for anything else. */
    String text() {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    /** The entries of a map in their order; none for anything else. */
    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        if (node instanceof MappingNode map) {
            for (NodeTuple tuple : map.getValue()) {
                YamlNode key = new YamlNode(tuple.getKeyNode());
                entries.add(new Entry(key.text(), key.line(), new YamlNode(tuple.getValueNode())));
            }
        }
        return entries;
    }

    /** The items of a list; none for anything else. */
    List<YamlNode> items() {
        return node instanceof SequenceNode list
                ? list.getValue().stream().map(YamlNode::new).toList()
                : List.of();
    }

    /** The value of a key. */
    Optional<YamlNode> get(String key) {
        return entries().stream()
                .filter(entry -> entry.key().equals(key))
                .map(Entry::value)
                .findFirst();
    }

    /** The text at a key; empty where there is none. */
    String text(String key) {
        return get(key).map(YamlNode::text).orElse("");
    }
}
