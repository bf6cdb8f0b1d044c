package dev.vitrine.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.vitrine.http.ProblemException;
import dev.vitrine.index.ProductQuery;
import java.math.BigDecimal;
import java.util.List;

/** Reads the numbers of a request: query parameters and fields of forms, which are text, and members of JSON. */
final class RequestNumbers {
    static final int LARGEST_LIMIT = 1_000;
    static final String OTHERS = "other_pictures";
    private static final int MOST_OTHERS = 2_000;

    private RequestNumbers() {}

    /**
     * A whole number.
     *
     * @param sent text or JSON; null, JSON's null or blank text for none
     * @param none what to return for none
     * @throws ProblemException 400 naming the field
     */
    static int whole(String field, Object sent, int least, int most, int none) {
        BigDecimal number = number(field, sent);
        if (number == null) {
            return none;
        }
        if (!isWithin(number, least, most) || number.stripTrailingZeros().scale() > 0) {
            throw ProblemException.ofField(400, field, "must be a whole number from " + least + " to " + most);
        }
        return number.intValue();
    }

    /** How many products at most, 1 to 1,000. */
    static int limit(Object sent, int none) {
        return whole("limit", sent, 1, LARGEST_LIMIT, none);
    }

    /**
     * How many other pictures of each product found, 0 to 100.
     *
     * @param limit how many products; both together bound the size of the answer
     */
    static int others(Object sent, int limit) {
        int others = whole(OTHERS, sent, 0, ProductQuery.MAX_OTHERS, 0);
        if (others * limit > MOST_OTHERS) {
            throw ProblemException.ofField(
                    400,
                    OTHERS,
                    "must be at most " + MOST_OTHERS / limit + " with a limit of " + limit
                            + ", as an answer holds up to " + MOST_OTHERS + " other pictures");
        }
        return others;
    }

    /** The least cosine similarity; −1 for none. */
    static float minScore(Object sent) {
        BigDecimal number = number("min_score", sent);
        if (number == null) {
            return -1;
        }
        if (!isWithin(number, -1, 1)) {
            throw ProblemException.ofField(400, "min_score", "must be from -1 to 1");
        }
        return number.floatValue();
    }

    private static BigDecimal number(String field, Object sent) {
        if (sent == null || sent instanceof NullNode || sent instanceof String text && text.isBlank()) {
            return null;
        }
        if (sent instanceof List<?>) {
            throw ProblemException.ofField(400, field, "was sent more than once; send it once");
        }
        try {
            if (sent instanceof JsonNode node) {
                if (node.isNumber()) {
                    return node.decimalValue();
                }
            } else if (sent instanceof String text) {
                return new BigDecimal(text.strip());
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw ProblemException.ofField(400, field, "is no number: " + sent);
    }

    private static boolean isWithin(BigDecimal number, int least, int most) {
        return number.compareTo(BigDecimal.valueOf(least)) >= 0 && number.compareTo(BigDecimal.valueOf(most)) <= 0;
    }
}
