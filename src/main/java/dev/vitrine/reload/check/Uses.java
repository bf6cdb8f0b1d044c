package dev.vitrine.reload.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the steps of a file use: endpoints, beans, expressions and names of other things, each with its line. */
final class Uses {

    /**
     * An endpoint.
     *
     * @param consumes whether a route begins at it
     * @param dynamic whether its address is an expression
     * @param precondition what its route is only made with; empty where it always is
     */
    record Endpoint(
            String uri,
            int line,
            List<YamlNode.Entry> parameters,
            boolean consumes,
            boolean dynamic,
            String precondition) {

        /** The name after the scheme, in the uri or as a parameter; empty where there is none. */
        Optional<String> name(String scheme) {
            String name = uri.contains(":")
                    ? uri.substring(scheme.length() + 1).replaceFirst("^//", "").replaceFirst("\\?.*", "")
                    : parameters.stream()
                            .filter(parameter -> parameter.key().equals("name"))
                            .map(parameter -> parameter.value().text())
                            .findFirst()
                            .orElse("");
            return name.isEmpty() ? Optional.empty() : Optional.of(name);
        }
    }

    /** A call of a bean; of {@code ref} and {@code type} one is empty. */
    record Call(String ref, String type, String method, int line, int methodLine) {}

    /** An expression, or a predicate, of a language. */
    record Expression(String language, String text, boolean predicate, int line) {}

    /** A name, such as a route configuration's or a class's. */
    record Name(String kind, String name, int line) {}

    /** A route made of a template. */
    record FromTemplate(String template, int line, List<YamlNode.Entry> parameters, String scheme) {}

    /** A data format, by its key, and the library that reads it, where several do. */
    record Format(String name, String library, int line) {}

    private static final Set<String> ENDPOINTS =
            Set.of("from", "to", "toD", "wireTap", "poll", "interceptSendToEndpoint");
    private static final Set<String> LANGUAGES = Set.of(
            "simple",
            "csimple",
            "jsonpath",
            "jq",
            "xpath",
            "xquery",
            "groovy",
            "spel",
            "mvel",
            "ognl",
            "datasonnet",
            "python",
            "js",
            "java",
            "tokenize",
            "xtokenize",
            "hl7terser",
            "wasm");
    private static final Set<String> PREDICATES =
            Set.of("when", "filter", "validate", "handled", "continued", "onWhen", "retryWhile", "completionPredicate");
    private static final Set<String> SEND_ANYWHERE =
            Set.of("recipientList", "routingSlip", "dynamicRouter", "enrich", "pollEnrich");
    private static final Set<String> PROSE = Set.of("description", "note");
    private static final Set<String> OPTIONS = Set.of("parameters", "properties", "constructors");

    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final List<Expression> expressions = new ArrayList<>();
    private final List<Name> names = new ArrayList<>();
    private final List<FromTemplate> templates = new ArrayList<>();
    private final List<Format> formats = new ArrayList<>();
    private final List<YamlNode> texts = new ArrayList<>();
    private final List<Name> ids = new ArrayList<>();
    private boolean callsAnything;
    private String precondition = "";

    Uses(RouteFile file) {
        if (file.source().isKamelet()) {
            file.template().ifPresent(template -> visit(template, false));
        } else {
            visit(file.root(), false);
        }
    }

    List<Endpoint> endpoints() {
        return endpoints;
    }

    List<Call> calls() {
        return calls;
    }

    List<Expression> expressions() {
        return expressions;
    }

    List<Name> names() {
        return names;
    }

    List<FromTemplate> templates() {
        return templates;
    }

    /** What steps marshal to, or unmarshal from. */
    List<Format> formats() {
        return formats;
    }

    /** Every text but prose, for what may stand anywhere: placeholders and references. */
    List<YamlNode> texts() {
        return texts;
    }

    /** The ids of steps. */
    List<Name> ids() {
        return ids;
    }

    /** Whether a step decides while it runs which route it sends to. */
    boolean callsAnything() {
        return callsAnything;
    }

    private void visit(YamlNode node, boolean predicate) {
        if (node.isText()) {
            texts.add(node);
        }
        node.items().forEach(item -> visit(item, predicate));
        for (YamlNode.Entry entry : node.entries()) {
            visit(entry, predicate);
        }
    }

    private void visit(YamlNode.Entry entry, boolean predicate) {
        String key = entry.key();
        YamlNode value = entry.value();
        if (PROSE.contains(key)) {
            return;
        }
        if (OPTIONS.contains(key)) {
            texts(value);
            return;
        }
        if (key.equals("route")) {
            precondition = value.text("precondition");
        }
        callsAnything |= SEND_ANYWHERE.contains(key);
        if (key.equals("id") && value.isText()) {
            ids.add(new Name("id", value.text(), value.line()));
        } else if (ENDPOINTS.contains(key)) {
            endpoint(entry);
        } else if (key.equals("deadLetterUri") && value.isText()) {
            endpoints.add(new Endpoint(value.text(), value.line(), List.of(), false, false, precondition));
        } else if (key.equals("kamelet")) {
            kamelet(entry);
        } else if (key.equals("marshal") || key.equals("unmarshal")) {
            value.entries()
                    .forEach(format ->
                            formats.add(new Format(format.key(), format.value().text("library"), format.line())));
        } else if (key.equals("language") && value.isMap()) {
            value.get("expression")
                    .filter(YamlNode::isText)
                    .ifPresent(text -> expressions.add(
                            new Expression(value.text("language"), text.text(), predicate, text.line())));
        } else if (key.equals("bean") || key.equals("method")) {
            call(entry);
        } else if (LANGUAGES.contains(key)) {
            YamlNode text = value.isText() ? value : value.get("expression").orElse(value);
            if (text.isText()) {
                expressions.add(new Expression(key, text.text(), predicate, text.line()));
            }
        } else if (key.equals("log")) {
            YamlNode text = value.isText() ? value : value.get("message").orElse(value);
            if (text.isText() && value.get("logLanguage").isEmpty()) {
                expressions.add(new Expression("simple", text.text(), false, text.line()));
            }
        } else if (key.equals("exception")) {
            value.items().forEach(name -> names.add(new Name("exception", name.text(), name.line())));
        } else if (key.equals("routeConfigurationId") && value.isText()) {
            for (String id : value.text().split(",")) {
                names.add(new Name("routeConfiguration", id.strip(), value.line()));
            }
        } else if (key.equals("templatedRoute")) {
            List<YamlNode.Entry> parameters = new ArrayList<>();
            for (YamlNode parameter :
                    value.get("parameters").map(YamlNode::items).orElse(List.of())) {
                parameters.add(new YamlNode.Entry(
                        parameter.text("name"),
                        parameter.line(),
                        parameter.get("value").orElse(parameter)));
            }
            templates.add(new FromTemplate(value.text("routeTemplateRef"), entry.line(), parameters, ""));
        } else if (key.equals("process") || key.equals("policy") || key.equals("transacted")) {
            if (!value.text("ref").isEmpty()) {
                calls.add(new Call(value.text("ref"), "", "", value.line(), value.line()));
            }
        }
        visit(value, PREDICATES.contains(key) || predicate && !key.equals("steps"));
    }

    private void texts(YamlNode node) {
        if (node.isText()) {
            texts.add(node);
        }
        node.items().forEach(this::texts);
        node.entries().forEach(entry -> texts(entry.value()));
    }

    private void endpoint(YamlNode.Entry entry) {
        YamlNode value = entry.value();
        boolean consumes = entry.key().equals("from") || entry.key().equals("poll");
        boolean dynamic = entry.key().equals("toD")
                || entry.key().equals("wireTap") && !value.text("dynamicUri").equals("false");
        Optional<YamlNode> uri = value.isText() ? Optional.of(value) : value.get("uri");
        if (uri.isPresent() && !entry.key().startsWith("intercept")) {
            List<YamlNode.Entry> parameters =
                    value.get("parameters").map(YamlNode::entries).orElse(List.of());
            endpoints.add(
                    new Endpoint(uri.get().text(), uri.get().line(), parameters, consumes, dynamic, precondition));
        }
    }

    private void kamelet(YamlNode.Entry entry) {
        YamlNode value = entry.value();
        String name = value.isText() ? value.text() : value.text("name");
        List<YamlNode.Entry> parameters =
                value.get("parameters").map(YamlNode::entries).orElse(List.of());
        templates.add(new FromTemplate(name, entry.line(), parameters, "kamelet"));
    }

    private void call(YamlNode.Entry entry) {
        YamlNode value = entry.value();
        int line = value.get("ref").map(YamlNode::line).orElse(value.line());
        int methodLine = value.get("method").map(YamlNode::line).orElse(line);
        if (value.isText() && entry.key().equals("bean")) {
            calls.add(new Call(value.text(), "", "", value.line(), value.line()));
        } else if (value.isMap()) {
            calls.add(new Call(value.text("ref"), value.text("beanType"), value.text("method"), line, methodLine));
        }
    }
}
