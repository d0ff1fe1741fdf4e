package walk

import (
	"errors"
	"net/http"
	"os"
	"testing"

	rollcall "example/rollcall"
)

// A gateway that ../stage.py has started beside us, and who we are there.
func clientOf(url, token string) *rollcall.APIClient {
	config := rollcall.NewConfiguration()
	config.Servers = rollcall.ServerConfigurations{{URL: os.Getenv(url)}}
	config.AddDefaultHeader("Authorization", "Bearer "+os.Getenv(token))
	return rollcall.NewAPIClient(config)
}

// Over both providers, with a token that may do everything.
func demo() *rollcall.APIClient { return clientOf("ROLLCALL_URL", "ROLLCALL_TOKEN") }

// Whose RealtimeKit cannot be reached, with a token that may only read.
func impaired() *rollcall.APIClient {
	return clientOf("ROLLCALL_IMPAIRED_URL", "ROLLCALL_IMPAIRED_TOKEN")
}

// answered gives what was answered; a problem ends the test.
func answered[T any](t *testing.T) func(*T, *http.Response, error) *T {
	t.Helper()
	return func(answer *T, _ *http.Response, err error) *T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
}

// refused gives the problem in an error, which has this status and code.
func refused(t *testing.T, err error, status int32, code rollcall.ProblemCode) rollcall.Problem {
	t.Helper()
	var failure *rollcall.GenericOpenAPIError
	if !errors.As(err, &failure) {
		t.Fatalf("no problem: %v", err)
	}
	problem, isProblem := failure.Model().(rollcall.Problem)
	if !isProblem || problem.Status != status || problem.Code != code {
		t.Fatalf("not %d %s: %v %s", status, code, err, failure.Body())
	}
	return problem
}

func check(t *testing.T, holds bool, what ...any) {
	t.Helper()
	if !holds {
		t.Fatal(what...)
	}
}
