package dev.vitrine.reload.check;

import dev.vitrine.text.Suggestion;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.NoSuchLanguageException;
import org.apache.camel.spi.Language;

/** Compiles expressions without evaluating one. */
final class ExpressionCheck {
    private static final Pattern UNKNOWN_FUNCTION = Pattern.compile("Unknown function: (\\w+)");

    /** The functions that routes mostly use, for suggestions. */
    private static final List<String> FUNCTIONS = List.of(
            "body",
            "bodyAs",
            "header",
            "headers",
            "headerAs",
            "variable",
            "variables",
            "exchangeProperty",
            "exception",
            "exception.message",
            "bean",
            "date",
            "file:name",
            "file:size",
            "exchangeId",
            "routeId",
            "fromRouteId",
            "messageId",
            "uuid",
            "random",
            "properties",
            "env",
            "sys",
            "type",
            "ref",
            "null",
            "empty",
            "jsonpath");

    private final CamelContext context;
    private final Placeholders placeholders;

    ExpressionCheck(CamelContext context, Placeholders placeholders) {
        this.context = context;
        this.placeholders = placeholders;
    }

    void check(Uses.Expression expression, Map<String, String> parameters, Findings findings) {
        Language language;
        try {
            language = context.resolveLanguage(expression.language());
        } catch (NoSuchLanguageException e) {
            findings.add(
                    expression.line(),
                    "the language \"" + expression.language() + "\" is not installed; run: ./vitrine component add "
                            + expression.language());
            return;
        }
        try {
            String text = placeholders.fill(expression.text(), parameters);
            if (expression.predicate()) {
                language.createPredicate(text);
            } else {
                language.createExpression(text);
            }
        } catch (RuntimeException e) {
            String why = CamelFault.of(e);
            Matcher unknown = UNKNOWN_FUNCTION.matcher(why);
            String suggestion = unknown.find() ? Suggestion.of(unknown.group(1), FUNCTIONS) : "";
            findings.add(
                    expression.line(),
                    "\"" + expression.text() + "\" is not " + expression.language() + ": " + why + suggestion);
        }
    }
}
