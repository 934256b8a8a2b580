using System.Text;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

/// <summary>Servers that echo the key: no text of the client may repeat it.</summary>
public sealed class KeySecrecyTests : ClientTest
{
    private const string UsualKey = "ck-0123456789abcdef0123456789abcdef";
    private const string OtherKey = "gateway_key.of+another/form=";

    public static TheoryData<string, int, string> Echoes
    {
        get
        {
            TheoryData<string, int, string> echoes = [];
            foreach (string key in new[] { UsualKey, OtherKey })
            {
                foreach (int status in new[] { 200, 307, 400, 401, 403, 404, 500 })
                {
                    foreach (string body in new[]
                    {
                        $$$"""{"error":{"message":"bad key {{{key}}}","type":"type {{{key}}}","code":"code {{{key}}}"}}""",
                        $$"""{"error":"bad key {{key}}"}""",
                        $"<html>{key}</html>",
                        $"{new string('x', 190)}{key}",
                        key,
                        $$"""{"id":"vid-1","status":"{{key}}","error":{"message":"{{key}}"},"model":"{{key}}"}""",
                    })
                    {
                        echoes.Add(key, status, body);
                    }
                }
            }

            return echoes;
        }
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [MemberData(nameof(Echoes))]
    public async Task A_response_that_repeats_the_key_does_not_put_it_into_an_error_or_a_video(string key, int status, string body)
    {
        List<RequestTrace> traces = [];
        RawServer server = Serve(_ => RawReply.Json(body, status, $"X-Request-Id: {key}"));
        ChuiziClient client = Connect(server.Address, key, retries: 1, trace: traces.Add);
        List<string> shown = [];
        foreach (Func<Task<object>> call in new Func<Task<object>>[]
        {
            async () => Describe(await client.SubmitAsync(Request(), CancellationToken.None)),
            async () => Describe(await client.GetAsync("vid-1", CancellationToken.None)),
            async () => await client.GetModelsAsync(CancellationToken.None),
            async () => (await client.GetAccountAsync(CancellationToken.None)).BaseAddress!,
        })
        {
            try
            {
                shown.Add((await call()).ToString()!);
            }
            catch (ChuiziException exception)
            {
                shown.Add($"{exception} {exception.Code} {exception.Type} {exception.RequestId} {exception.VideoId}");
            }
        }

        // The server received the key, so the check below is meaningful.
        server.Requests.ShouldAllBe(request => request.Headers["Authorization"] == "Bearer " + key);
        shown.Count.ShouldBe(4);
        string all = string.Join('\n', [.. shown, .. traces.Select(trace => trace.ToString())]);
        all.ShouldNotContain(key);
    }

    [Fact]
    public async Task A_broken_connection_and_a_failed_name_lookup_do_not_reveal_the_key()
    {
        RawServer server = Serve(_ => new RawReply(Encoding.ASCII.GetBytes($"nonsense {UsualKey}\r\n\r\n"), Close: true));
        ChuiziClient client = Connect(server.Address, UsualKey, retries: 1);
        ChuiziException broken = await Should.ThrowAsync<ChuiziException>(() => client.GetAsync("vid-1", CancellationToken.None));
        broken.Message.ShouldNotContain(UsualKey);

        ChuiziException nowhere = await Should.ThrowAsync<ChuiziException>(
            () => Connect(new Uri("https://api.chuizi.invalid"), UsualKey, retries: 1).GetAsync("vid-1", CancellationToken.None));
        nowhere.ToString().ShouldNotContain(UsualKey);
    }

    private static string Describe(VideoState state)
    {
        Video video = new();
        state.ApplyTo(video);
        return $"{state} {video.Error} {video.Error?.Code} {video.Error?.Type}";
    }
}
