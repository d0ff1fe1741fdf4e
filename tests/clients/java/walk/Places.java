package walk;

import com.fasterxml.jackson.databind.ObjectMapper;
import example.rollcall.ApiClient;
import example.rollcall.ApiException;
import example.rollcall.model.Problem;
import example.rollcall.model.ProblemCode;

/** The gateways that ../../stage.py has started beside us, and what is asked of them. */
final class Places {
  static final ObjectMapper JSON = ApiClient.createDefaultObjectMapper();

  /** Something that is called, and may be refused. */
  interface Call {
    Object made() throws ApiException;
  }

  private Places() {}

  /** Over both providers, with a token that may do everything. */
  static ApiClient demo() {
    return client("ROLLCALL_URL", "ROLLCALL_TOKEN");
  }

  /** Whose RealtimeKit cannot be reached, with a token that may only read. */
  static ApiClient impaired() {
    return client("ROLLCALL_IMPAIRED_URL", "ROLLCALL_IMPAIRED_TOKEN");
  }

  static ApiClient client(String url, String token) {
    ApiClient client = new ApiClient();
    client.updateBaseUri(System.getenv(url));
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + System.getenv(token)));
    return client;
  }

  static void check(boolean holds, Object... what) {
    if (!holds) {
      throw new AssertionError(java.util.Arrays.toString(what));
    }
  }

  /** The refusal of a call. */
  static ApiException refusal(Call call) {
    try {
      throw new AssertionError("was not refused: " + call.made());
    } catch (ApiException refused) {
      return refused;
    }
  }

  /** The problem in a refusal, which has this status and code. */
  static Problem problem(ApiException refused, int status, ProblemCode code) throws Exception {
    check(refused.getCode() == status, refused.getCode(), refused.getResponseBody(), refused.getCause());
    Problem problem = JSON.readValue(refused.getResponseBody(), Problem.class);
    check(problem.getStatus() == status && problem.getCode() == code, problem);
    check(refused.getResponseHeaders().firstValue("x-request-id").orElseThrow().equals(problem.getRequestId()), problem);
    return problem;
  }

  static Problem refused(int status, ProblemCode code, Call call) throws Exception {
    return problem(refusal(call), status, code);
  }
}
