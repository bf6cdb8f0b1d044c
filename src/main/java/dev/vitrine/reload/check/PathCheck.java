package dev.vitrine.reload.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Checks that no two routes answer the same requests: of two, one would never be asked. */
final class PathCheck {
    private static final String SCHEME = "platform-http";

    /** What a route answers; no methods stand for all. */
    private record Taken(String path, Set<String> methods, String where) {

        boolean overlaps(Taken other) {
            Set<String> both = new HashSet<>(methods);
            both.retainAll(other.methods);
            return path.equals(other.path) && (methods.isEmpty() || other.methods.isEmpty() || !both.isEmpty());
        }
    }

    private final Placeholders placeholders;
    private final Preconditions preconditions;
    private final List<Taken> taken = new ArrayList<>();

    PathCheck(Preconditions preconditions, Placeholders placeholders) {
        this.preconditions = preconditions;
        this.placeholders = placeholders;
    }

    /** Checks one file after those before it; the later one is told. */
    void check(RouteFile file, Uses uses, Findings findings) {
        Map<String, String> parameters = file.parameters();
        for (Uses.Endpoint endpoint : uses.endpoints()) {
            if (!endpoint.consumes() || !EndpointCheck.scheme(endpoint.uri()).equals(SCHEME)) {
                continue;
            }
            String path = option(endpoint, "path", parameters);
            if (path.isEmpty() || path.equals("x") || !preconditions.hold(endpoint, parameters)) {
                continue;
            }
            Set<String> methods = new TreeSet<>();
            for (String method :
                    option(endpoint, "httpMethodRestrict", parameters).split(",")) {
                if (!method.isBlank()) {
                    methods.add(method.strip().toUpperCase(Locale.ROOT));
                }
            }
            Taken mine = new Taken(
                    ("/" + path)
                            .replaceFirst("^/+", "/")
                            .replaceFirst("(?<=.)/$", "")
                            .replaceAll("\\{[^{}]*}", "{}"),
                    methods,
                    file.path().getFileName() + ":" + endpoint.line());
            taken.stream()
                    .filter(mine::overlaps)
                    .findFirst()
                    .ifPresent(other -> findings.add(
                            endpoint.line(),
                            "the path " + path + " is already taken at " + other.where()
                                    + "; choose another, or another httpMethodRestrict"));
            taken.add(mine);
        }
    }

    private String option(Uses.Endpoint endpoint, String name, Map<String, String> parameters) {
        String uri = endpoint.uri();
        String value = "";
        if (name.equals("path") && uri.contains(":")) {
            value = uri.substring(uri.indexOf(':') + 1).replaceFirst("\\?.*", "");
        } else if (uri.matches(".*[?&]" + name + "=.*")) {
            value = uri.replaceFirst(".*[?&]" + name + "=([^&]*).*", "$1");
        }
        for (YamlNode.Entry parameter : endpoint.parameters()) {
            if (parameter.key().equals(name)) {
                value = parameter.value().text();
            }
        }
        return placeholders.fill(value, parameters);
    }
}
