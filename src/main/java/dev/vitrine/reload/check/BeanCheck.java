package dev.vitrine.reload.check;

import dev.vitrine.text.Suggestion;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.TypeConverter;
import org.apache.camel.spi.Registry;

/** Checks that beans, methods and classes exist, without making or calling one. */
final class BeanCheck {
    private static final Pattern REFERENCE = Pattern.compile("#(?:bean:)?([A-Za-z_][\\w.-]*)");
    private static final Pattern CLASS_REFERENCE = Pattern.compile("#class:([\\w.$]+).*");
    private static final Pattern IN_SIMPLE = Pattern.compile("\\$\\{bean:([\\w-]+)(?:(?:\\.|\\?method=|::)(\\w+))?");

    private static final Set<Class<?>> FILLED_IN = Set.of(
            Exchange.class, Message.class, CamelContext.class, Registry.class, TypeConverter.class, Exception.class);

    private final CamelContext context;
    private final Map<String, Class<?>> beans = new TreeMap<>();
    private final Set<String> ofUnknownClass = new TreeSet<>();

    /** @param bound the beans that the service brings */
    BeanCheck(CamelContext context, Map<String, Object> bound) {
        this.context = context;
        bound.forEach((name, bean) -> beans.put(name, bean.getClass()));
    }

    /** Takes a bean that a file makes. */
    void declare(RouteFile.Bean bean, Findings findings) {
        String type = bean.type().startsWith("#class:") ? bean.type().substring("#class:".length()) : bean.type();
        int end = type.indexOf('(');
        type = end < 0 ? type : type.substring(0, end);
        Class<?> found = context.getClassResolver().resolveClass(type);
        if (found != null) {
            beans.put(bean.name(), found);
            return;
        }
        ofUnknownClass.add(bean.name());
        if (!type.isEmpty() && !type.startsWith("#")) {
            findings.add(
                    bean.line(), "the class " + type + " of bean \"" + bean.name() + "\" is not on the class path");
        }
    }

    /** @param local the names of beans that only this file's templates know */
    void check(Uses.Call call, Set<String> local, Findings findings) {
        Class<?> type;
        if (!call.ref().isEmpty()) {
            String name = call.ref().replaceFirst("^#(bean:)?", "");
            if (local.contains(name.replaceAll("[{}]", "")) || name.contains("{{") || ofUnknownClass.contains(name)) {
                return;
            }
            type = beans.get(name);
            if (type == null) {
                type = name.contains(".") ? context.getClassResolver().resolveClass(name) : null;
                if (type == null) {
                    findings.add(call.line(), missing(name));
                    return;
                }
            }
        } else if (!call.type().isEmpty()) {
            type = context.getClassResolver().resolveClass(call.type().replaceFirst("^#class:", ""));
            if (type == null) {
                findings.add(call.line(), "the class " + call.type() + " is not on the class path");
                return;
            }
        } else {
            return;
        }
        method(type, call.ref().isEmpty() ? call.type() : call.ref(), call.method(), call.methodLine(), findings);
    }

    /** Checks {@code #name} and {@code #class:…} in a text. */
    void checkReference(YamlNode text, Set<String> local, Findings findings) {
        Matcher type = CLASS_REFERENCE.matcher(text.text());
        if (type.matches()) {
            if (context.getClassResolver().resolveClass(type.group(1)) == null) {
                findings.add(text.line(), "the class " + type.group(1) + " is not on the class path");
            }
            return;
        }
        Matcher reference = REFERENCE.matcher(text.text());
        if (reference.matches() && !isBean(reference.group(1)) && !local.contains(reference.group(1))) {
            findings.add(text.line(), missing(reference.group(1)));
        }
    }

    /** Checks the beans that a simple expression calls. */
    void checkSimple(String text, int line, Set<String> local, Findings findings) {
        Matcher matcher = IN_SIMPLE.matcher(text);
        while (matcher.find()) {
            String name = matcher.group(1);
            if (!isBean(name) && !local.contains(name)) {
                findings.add(line, missing(name));
            } else if (matcher.group(2) != null && beans.containsKey(name)) {
                method(beans.get(name), name, matcher.group(2), line, findings);
            }
        }
    }

    void checkException(Uses.Name name, Set<String> known, Findings findings) {
        Class<?> type = context.getClassResolver().resolveClass(name.name());
        if (type == null) {
            findings.add(
                    name.line(),
                    "there is no exception " + name.name() + Suggestion.of(name.name(), known)
                            + (name.name().contains(".") ? "" : "; write its full name, such as java.io.IOException"));
        } else if (!Throwable.class.isAssignableFrom(type)) {
            findings.add(name.line(), name.name() + " is not an exception");
        }
    }

    /** Whether a name stands for a class. */
    boolean isClass(String name) {
        return context.getClassResolver().resolveClass(name) != null;
    }

    private boolean isBean(String name) {
        return beans.containsKey(name)
                || ofUnknownClass.contains(name)
                || context.getRegistry().lookupByName(name) != null;
    }

    private String missing(String name) {
        String suggestion = Suggestion.of(name, beans.keySet());
        return "there is no bean \"" + name + "\""
                + (suggestion.isEmpty() ? "; name one of " + String.join(", ", beans.keySet()) : suggestion);
    }

    private void method(Class<?> type, String bean, String call, int line, Findings findings) {
        if (call.isEmpty() || call.contains("{{")) {
            return;
        }
        int open = call.indexOf('(');
        String name = (open < 0 ? call : call.substring(0, open)).strip();
        List<Method> methods = Arrays.stream(type.getMethods())
                .filter(method -> method.getDeclaringClass() != Object.class)
                .toList();
        List<Method> named =
                methods.stream().filter(method -> method.getName().equals(name)).toList();
        if (named.isEmpty()) {
            Set<String> names = new TreeSet<>();
            methods.forEach(method -> names.add(method.getName()));
            String suggestion = Suggestion.of(name, names);
            findings.add(
                    line,
                    "the bean \"" + bean + "\" has no method \"" + name + "\""
                            + (suggestion.isEmpty() ? "; it has " + String.join(", ", names) : suggestion));
            return;
        }
        if (open >= 0) {
            int given = arguments(call.substring(open));
            if (given < 0) {
                findings.add(
                        line, "\"" + call + "\": the bracket after \"" + name + "\" must be closed once, at the end");
                return;
            }
            boolean fits = named.stream().anyMatch(method -> takes(method, given));
            if (!fits) {
                findings.add(
                        line,
                        "the method \"" + name + "\" of bean \"" + bean + "\" takes "
                                + named.get(0).getParameterCount() + " arguments, not " + given);
            }
        }
    }

    /** Camel fills in parameters such as the exchange by itself. */
    private static boolean takes(Method method, int given) {
        long filledIn = Arrays.stream(method.getParameters())
                .filter(parameter -> parameter.getAnnotations().length > 0 || FILLED_IN.contains(parameter.getType()))
                .count();
        int all = method.getParameterCount();
        return method.isVarArgs() || given <= all && given >= all - filledIn;
    }

    /** How many arguments stand between the brackets; -1 where the last bracket is missing, or not the end. */
    private static int arguments(String brackets) {
        int depth = 0;
        int commas = 0;
        char quote = 0;
        boolean any = false;
        String text = brackets.strip();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
                any = true;
            } else if (c == '(' || c == '{') {
                depth++;
                any |= depth > 1;
            } else if (c == ')' || c == '}') {
                depth--;
                if (depth == 0) {
                    return i < text.length() - 1 ? -1 : any ? commas + 1 : 0;
                }
            } else if (c == ',' && depth == 1) {
                commas++;
            } else if (!Character.isWhitespace(c)) {
                any = true;
            }
        }
        return -1;
    }
}
