package dev.vitrine.reload.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/** Which route files need which others. */
public final class RouteLinks {
    private static final Set<String> CALLED_BY_NAME = Set.of("direct", "seda");

    private final List<RouteFile> files = new ArrayList<>();
    private final Map<RouteFile, Uses> uses = new LinkedHashMap<>();

    /**
     * Reads the links of files. A file may be here twice, as it was and as it will be.
     *
     * @param sources files that are YAML; others are left out
     */
    public RouteLinks(Collection<RouteSource> sources) {
        for (RouteSource source : sources) {
            parse(source).ifPresent(file -> {
                files.add(file);
                uses.put(file, new Uses(file));
            });
        }
    }

    private static Optional<RouteFile> parse(RouteSource source) {
        try {
            return YamlNode.parse(source.text()).map(root -> new RouteFile(source, root));
        } catch (YamlNode.NotYamlException e) {
            return Optional.empty();
        }
    }

    /** The files, and all that are made with a route configuration, template, Kamelet or bean of theirs. */
    public Set<Path> withUsers(Set<Path> of) {
        return closure(of, this::isMadeWith);
    }

    /** The files, and all whose exchanges may run into a route of theirs. */
    public Set<Path> withCallers(Set<Path> of) {
        return closure(of, (file, other) -> calls(file, other) || usesConfiguration(file, other));
    }

    /** The names of the beans that files make. */
    public Set<String> beans(Set<Path> of) {
        Set<String> names = new LinkedHashSet<>();
        for (RouteFile file : files) {
            if (of.contains(file.path())) {
                file.beans().forEach(bean -> names.add(bean.name()));
            }
        }
        return names;
    }

    /** The ids of the route configurations and templates that files define. */
    public Set<String> configurationsAndTemplates(Set<Path> of) {
        Set<String> ids = new LinkedHashSet<>();
        for (RouteFile file : files) {
            if (of.contains(file.path())) {
                file.configurations().forEach(configuration -> ids.add(configuration.id()));
                file.templates().forEach(template -> ids.add(template.id()));
            }
        }
        return ids;
    }

    private Set<Path> closure(Set<Path> of, BiPredicate<RouteFile, RouteFile> leadsTo) {
        Set<Path> reached = new LinkedHashSet<>(of);
        boolean grows = true;
        while (grows) {
            grows = false;
            for (RouteFile file : files) {
                if (!reached.contains(file.path())
                        && files.stream()
                                .anyMatch(other -> reached.contains(other.path()) && leadsTo.test(file, other))) {
                    grows |= reached.add(file.path());
                }
            }
        }
        return reached;
    }

    private boolean isMadeWith(RouteFile file, RouteFile other) {
        return usesConfiguration(file, other) || usesTemplate(file, other) || usesBean(file, other);
    }

    private boolean usesConfiguration(RouteFile file, RouteFile other) {
        for (RouteFile.Definition configuration : other.configurations()) {
            if (configuration.id().isEmpty()) {
                return true; // it applies to every route
            }
            for (Uses.Name name : uses.get(file).names()) {
                if (name.kind().equals("routeConfiguration")
                        && (name.name().equals(configuration.id())
                                || name.name().contains("*")
                                || name.name().contains("{{"))) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean usesTemplate(RouteFile file, RouteFile other) {
        Set<String> templates = new HashSet<>();
        other.templates().forEach(template -> templates.add(template.id()));
        if (templates.isEmpty()) {
            return false;
        }
        Uses use = uses.get(file);
        return use.templates().stream()
                        .anyMatch(made -> templates.contains(made.template().replaceFirst("/.*", "")))
                || use.endpoints().stream()
                        .filter(endpoint -> EndpointCheck.scheme(endpoint.uri()).equals("kamelet"))
                        .anyMatch(endpoint -> templates.contains(endpoint.uri()
                                .replaceFirst("^kamelet:(//)?", "")
                                .replaceFirst("[/?].*", "")));
    }

    private boolean usesBean(RouteFile file, RouteFile other) {
        for (RouteFile.Bean bean : other.beans()) {
            for (YamlNode text : uses.get(file).texts()) {
                String value = text.text();
                if (value.equals(bean.name())
                        || value.equals("#" + bean.name())
                        || value.contains("bean:" + bean.name())
                        || value.contains("ref:" + bean.name())) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean calls(RouteFile file, RouteFile other) {
        Uses use = uses.get(file);
        if (use.callsAnything()) {
            return true;
        }
        Set<String> begins = new HashSet<>();
        for (Uses.Endpoint endpoint : uses.get(other).endpoints()) {
            if (endpoint.consumes()) {
                name(endpoint).ifPresent(begins::add);
            }
        }
        return use.endpoints().stream()
                        .filter(endpoint -> !endpoint.consumes())
                        .anyMatch(endpoint -> endpoint.uri().startsWith("$")
                                || name(endpoint)
                                        .filter(name -> begins.contains(name) || name.contains("{"))
                                        .isPresent())
                || usesTemplate(file, other);
    }

    private static Optional<String> name(Uses.Endpoint endpoint) {
        String scheme = EndpointCheck.scheme(endpoint.uri());
        if (!CALLED_BY_NAME.contains(scheme)) {
            return Optional.empty();
        }
        return endpoint.name(scheme).map(name -> scheme + ":" + name);
    }
}
