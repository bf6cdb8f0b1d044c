package dev.vitrine.http;

import dev.vitrine.http.ProblemException.FieldError;
import io.vertx.core.MultiMap;
import jakarta.activation.DataHandler;
import jakarta.activation.FileDataSource;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * Reads a {@code multipart/form-data} request: the fields that the route declares become headers, the one file becomes the
 * body. A field that is not declared is refused by its name, so that none is ignored without a word and none from outside
 * sets a header that means something to Camel.
 */
public final class Multipart {
    private static final String FILE_FIELD = "image_file";

    /** In which charset the browser sent the fields; not a field of the form itself (HTML, section 4.10.21.5). */
    private static final String CHARSET_FIELD = "_charset_";

    private static final char UNREADABLE = '\uFFFD';

    private final List<String> usual;
    private final FormRules rules;
    private final Visits visits;

    /** @param usual the fields of a route that declares none */
    public Multipart(List<String> usual) {
        this(usual, (fields, file, errors) -> {}, new Visits());
    }

    /**
     * @param usual the fields of a route that declares none
     * @param rules for their values
     * @param visits know the files of a request
     */
    Multipart(List<String> usual, FormRules rules, Visits visits) {
        this.usual = List.copyOf(usual);
        this.rules = rules;
        this.visits = visits;
    }

    /**
     * Reads a form with the fields of an upload. Where it is refused, what is wrong with its values is said, too.
     *
     * @throws IOException when its file cannot be read
     * @see #readFields(Exchange, String)
     */
    public void read(Exchange exchange) throws IOException {
        FieldErrors errors = new FieldErrors();
        collect(exchange, usual, List.of(), errors);
        if (!errors.isEmpty()) {
            Message form = exchange.getMessage();
            rules.check(form.getHeaders(), form.getBody(File.class), errors);
            errors.check();
        }
    }

    /**
     * Replaces all headers by the fields of the form, and the body by the file of the field {@code image_file}, or null
     * where there is none. Names that the client gave to files are dropped. The variable {@code workFile} names the file,
     * which is this request's own and may be moved.
     *
     * @param fields the names of the fields that the form may have, between commas
     * @throws ProblemException 415 for another media type, 400 for two files, a file in another field or a field that is
     *     not declared, 413 for one of more than 64 KB, with all that is wrong
     */
    public void readFields(Exchange exchange, String fields) {
        List<String> names = Arrays.stream(fields.split(",")).map(String::strip).toList();
        if (names.stream().anyMatch(Multipart::isCamels)) {
            throw new IllegalArgumentException("A form has no field whose name begins with Camel: " + fields);
        }
        FieldErrors errors = new FieldErrors();
        collect(exchange, names, List.of(), errors);
        errors.check();
    }

    /**
     * The same for who looks at the values before the request is refused, and of a form that may have more files.
     *
     * @param moreFiles the names of the fields of more files
     * @param errors gets what is wrong; the exchange has the rest of the form then
     * @return the files of those fields, in their order, which are gone when the request is over
     * @throws ProblemException 415 for another media type
     */
    public List<Path> collect(Exchange exchange, List<String> fields, List<String> moreFiles, FieldErrors errors) {
        if (!(exchange.getMessage() instanceof HttpMessage request) || !BodyRules.isForm(request.getRequest())) {
            throw new ProblemException(
                    415,
                    "Send multipart/form-data, for example: curl -F product_id=mug-1 -F name=Mug -F image_file=@mug.jpg",
                    List.of());
        }
        List<Path> more = visits.of(request.getRequest()).stream()
                .flatMap(visit -> moreFiles.stream().flatMap(field -> visit.files(field).stream()))
                .toList();
        List<String> fileFields =
                Stream.concat(Stream.of(FILE_FIELD), moreFiles.stream()).toList();
        Map<String, Object> headers = texts(request.getRequest().formAttributes(), fields, fileFields, errors);
        Map<String, DataHandler> files = files(request, more, moreFiles, errors);
        for (String field : fields) {
            DataHandler part = files.remove(field); // as FormData.append(field, blob) sends it
            String text = part == null ? null : errors.read(() -> text(field, part));
            if (text != null && headers.put(field, text) != null) {
                headers.remove(field);
                errors.doubled(field);
            }
        }
        DataHandler picture = files.remove(FILE_FIELD);
        files.keySet().forEach(field -> unknown(field, fields, fileFields, errors));
        File file = picture == null ? null : ((FileDataSource) picture.getDataSource()).getFile();
        request.setHeaders(headers);
        request.setBody(file);
        exchange.setVariable("workFile", file == null ? null : file.getPath());
        return more;
    }

    private static Map<String, Object> texts(
            MultiMap form, List<String> fields, List<String> fileFields, FieldErrors errors) {
        Map<String, Object> headers = new HashMap<>();
        for (String field : form.names()) {
            List<String> values =
                    form.getAll(field).stream().map(Multipart::withoutLineEnd).toList();
            if (!fields.contains(field)) {
                if (!field.equals(CHARSET_FIELD)) {
                    unknown(field, fields, fileFields, errors);
                }
            } else if (values.stream().allMatch(value -> isReadable(value, form))) {
                headers.put(field, values.size() == 1 ? values.get(0) : values);
            } else {
                errors.add(field, "is not UTF-8; send UTF-8, or name the charset in the Content-Type of the part");
            }
        }
        return headers;
    }

    /** Netty leaves half of the line end before a boundary in the value where a packet ends between its two bytes. */
    private static String withoutLineEnd(String value) {
        return value.endsWith("\r") ? value.substring(0, value.length() - 1) : value;
    }

    private static void unknown(String field, List<String> fields, List<String> fileFields, FieldErrors errors) {
        if (fileFields.contains(field)) {
            errors.add(field, "came as text; send it as a file, with curl by " + field + "=@mug.jpg");
            return;
        }
        List<String> names = new ArrayList<>(fields);
        names.addAll(fileFields);
        errors.unknown(field, "is not taken here", names, "the fields are " + String.join(", ", names));
    }

    /** What is no text in the charset it is said to have is refused, as nobody could find it again. */
    private static boolean isReadable(String value, MultiMap form) {
        String charset = form.contains(CHARSET_FIELD) ? form.get(CHARSET_FIELD) : "UTF-8";
        boolean utf8 = charset.isBlank() || charset.strip().equalsIgnoreCase("UTF-8");
        return value.indexOf(UNREADABLE) < 0
                && (utf8 || StandardCharsets.US_ASCII.newEncoder().canEncode(value));
    }

    /** The files by field, without those of which a form may have more. */
    private static Map<String, DataHandler> files(
            HttpMessage request, List<Path> more, List<String> moreFiles, FieldErrors errors) {
        Map<String, DataHandler> files = new HashMap<>();
        Map<String, DataHandler> parts =
                request.getExchange().getMessage(AttachmentMessage.class).getAttachments();
        if (parts != null) {
            files.putAll(parts);
        }
        files.keySet().removeAll(moreFiles);
        int sent = request.getHeader(Exchange.ATTACHMENTS_SIZE, 0, Integer.class) - more.size();
        if (sent > files.size()) {
            String next = moreFiles.isEmpty() ? "" : " and the others as " + String.join(", ", moreFiles);
            errors.add(FILE_FIELD, sent + " files were sent; send one" + next);
        }
        return files;
    }

    private static String text(String field, DataHandler part) {
        File file = ((FileDataSource) part.getDataSource()).getFile();
        if (file.length() > BodyWatch.MAX_FIELD_BYTES) {
            throw ProblemException.ofField(
                    413, field, "has more than " + BodyWatch.MAX_FIELD_BYTES + " bytes; a text field is shorter");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file.toPath())))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ProblemException(
                    400, field + ": is not UTF-8", List.of(new FieldError(field, "is not UTF-8")), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a name is one that Camel gives meaning to. */
    private static boolean isCamels(String field) {
        return field.toLowerCase(Locale.ROOT).startsWith("camel");
    }
}
