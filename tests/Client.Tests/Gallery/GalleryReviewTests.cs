using System.Text.Json;
using System.Text.Json.Nodes;
using Chuizi.Video.Client.Tests.Sandbox;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Gallery;

/// <summary>Takes and decisions in a real browser, with a real keyboard and real videos. Skipped if no browser is installed.</summary>
[Trait("Speed", "Slow")]
public sealed class GalleryReviewTests(SharedBrowser shared) : SandboxTest, IClassFixture<SharedBrowser>
{
    private const string Ready = "document.documentElement.classList.contains('live')";
    private const string Judged = "document.getElementById('judged').textContent";

    [Fact]
    public async Task Takes_are_judged_by_keyboard_alone_and_saved_exactly()
    {
        const int Count = 90;
        Browser browser = await shared.OpenAsync();
        GalleryBatch batch = await TakesAsync(rows: Count / 3, takes: 3);
        BrowserPage page = await browser.NewPageAsync();
        // Smooth scrolling takes time.
        await page.EmulateAsync();
        await DownloadsAsync(browser);
        await page.OpenAsync(batch.Write("Film"));
        await page.UntilAsync(Ready);
        Random random = new(17);
        DateTime start = DateTime.UtcNow.AddSeconds(-1);
        List<(string Verdict, int Rating, string Note)> expected = [];
        for (int at = 0; at < Count; at++)
        {
            List<Task> strokes = [page.PressAsync("ArrowRight", "ArrowRight", 39)];
            (string Verdict, int Rating, string Note) wanted = (random.Next(2) == 0 ? "Kept" : "Rejected", random.Next(6), "");
            if (at % 7 == 3)
            {
                // A mistake, undone.
                strokes.Add(KeyAsync(page, wanted.Verdict == "Kept" ? 'x' : 'k'));
                strokes.Add(KeyAsync(page, 'u'));
            }

            strokes.Add(KeyAsync(page, wanted.Verdict == "Kept" ? 'k' : 'x'));
            strokes.Add(KeyAsync(page, wanted.Rating == 0 ? '3' : (char)('0' + wanted.Rating)));
            if (wanted.Rating == 0)
            {
                strokes.Add(KeyAsync(page, '0'));
            }

            await Task.WhenAll(strokes);
            if (at % 20 == 7)
            {
                wanted.Note = $"k{at} 'x'";
                await KeyAsync(page, 'n');
                await page.TypeAsync(wanted.Note);
                await (at % 40 == 7 ? page.PressAsync("Enter", "Enter", 13, "\r") : page.PressAsync("Escape", "Escape", 27));
            }

            expected.Add(wanted);
        }

        int kept = expected.Count(one => one.Verdict == "Kept");
        (await page.EvaluateAsync(Judged)).GetString()
            .ShouldBe($"{Count} of {Count} decided: {kept} kept, {Count - kept} rejected · {Count} not saved yet");
        await page.PressAsync("/", "Slash", 191, "/");
        while ((await page.EvaluateAsync("document.activeElement.id")).GetString() is not "save" and var id)
        {
            id.ShouldNotBe("videos", "the button comes before the videos");
            await page.PressAsync("Tab", "Tab", 9);
        }

        await page.PressAsync("Enter", "Enter", 13, "\r");
        JsonArray saved = await SavedAsync();
        saved.Count.ShouldBe(Count);
        foreach ((JsonNode? one, int at) in saved.Select((one, at) => (one, at)))
        {
            one!.AsObject().Select(pair => pair.Key).ShouldBe(["Id", "Origin", "Verdict", "Rating", "Note", "Decided"]);
            ((string?)one["Id"], (string?)one["Origin"]).ShouldBe((batch.Items[at].Video.Id, batch.Items[at].Video.Origin));
            ((string)one["Verdict"]!, (int)one["Rating"]!, (string)one["Note"]!).ShouldBe(expected[at]);
            ((DateTime)one["Decided"]!).ToUniversalTime().ShouldBeInRange(start, DateTime.UtcNow.AddSeconds(1));
        }

        (await page.EvaluateAsync(Judged)).GetString().ShouldBe($"{Count} of {Count} decided: {kept} kept, {Count - kept} rejected");
        page.Problems.ShouldBeEmpty();
        page.Requests.Where(address => !address.StartsWith("data:image/", StringComparison.Ordinal)
            && !address.StartsWith("blob:", StringComparison.Ordinal))
            .ShouldAllBe(address => address.StartsWith(new Uri(Folder.Path + "/").AbsoluteUri, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_of_300_takes_is_small_and_has_its_first_card_in_view()
    {
        Browser browser = await shared.OpenAsync();
        GalleryBatch batch = await TakesAsync(rows: 100, takes: 3);
        string file = batch.Write("Film");
        new FileInfo(file).Length.ShouldBeLessThan(2 * 1024 * 1024);
        BrowserPage page = await browser.NewPageAsync();
        await page.OpenAsync(file);
        await page.UntilAsync("performance.getEntriesByName('first-contentful-paint').length > 0");
        await page.UntilAsync(Ready);
        (await page.EvaluateAsync("document.getElementById('v1').getBoundingClientRect().top < innerHeight")).GetBoolean().ShouldBeTrue();
        double paint = (await page.EvaluateAsync("performance.getEntriesByName('first-contentful-paint')[0].startTime")).GetDouble();
        TestContext.Current.TestOutputHelper?.WriteLine($"{new FileInfo(file).Length} bytes, first card after {paint:0} ms");
    }

    [Fact]
    public async Task Four_takes_play_in_step_across_the_end_and_are_judged_there()
    {
        Browser browser = await shared.OpenAsync();
        GalleryBatch batch = await TakesAsync(rows: 1, takes: 5, seconds: 2);
        BrowserPage page = await browser.NewPageAsync();
        await page.OpenAsync(batch.Write("Film"));
        await page.UntilAsync(Ready);
        await page.EvaluateAsync("document.querySelector('.head button').click()");
        await page.UntilAsync("document.querySelectorAll('.compare video').length === 4");
        (await page.EvaluateAsync("[...document.querySelectorAll('.compare video')].every(video => video.muted)")).GetBoolean().ShouldBeTrue();
        await page.UntilAsync("[...document.querySelectorAll('.compare video')].every(video => !video.paused && video.currentTime > 0.3)");
        // In each round one take is moved away, and must be in step again before the end, and all of them after it. A busy machine draws
        // late, so one such round is enough; a page that does not correct has none.
        JsonElement measured = await page.EvaluateAsync("""
            new Promise(done => {
                const videos = [...document.querySelectorAll('.compare video')];
                let worst = 0, samples = 0, rounds = 0, before = 9, isMoved = false;
                const measure = () => {
                    const times = videos.map(video => video.currentTime);
                    if (times[0] < before - 1) {
                        if (++rounds === 20 || (isMoved && worst <= 0.05 && samples > 10)) {
                            done({ worst, samples, rounds, isMoved });
                            return;
                        }
                        worst = samples = 0;
                        isMoved = false;
                    }
                    if (times[0] < 0.3 || times[0] > 1.4) {
                        worst = Math.max(worst, Math.max(...times) - Math.min(...times));
                        samples++;
                    } else if (!isMoved) {
                        videos[2].currentTime -= 0.2;
                        isMoved = true;
                    }
                    before = times[0];
                    requestAnimationFrame(measure);
                };
                measure();
            })
            """);
        TestContext.Current.TestOutputHelper?.WriteLine(measured.ToString());
        measured.GetProperty("isMoved").GetBoolean().ShouldBeTrue();
        measured.GetProperty("samples").GetInt32().ShouldBeGreaterThan(10);
        measured.GetProperty("worst").GetDouble().ShouldBeLessThanOrEqualTo(0.05);

        // A fifth take moves into view, and the keys judge the one in focus.
        for (int take = 2; take <= 5; take++)
        {
            await page.PressAsync("ArrowRight", "ArrowRight", 39);
        }

        await page.UntilAsync("document.querySelector('.compare .pane:focus .line b')?.textContent === 'Take 5'");
        await KeyAsync(page, 'k');
        await KeyAsync(page, '4');
        await page.PressAsync(" ", "Space", 32, " ");
        await page.UntilAsync("[...document.querySelectorAll('.compare video')].every(video => video.paused)");
        await page.PressAsync("Escape", "Escape", 27);
        await page.UntilAsync("!document.querySelector('dialog.compare').open && document.activeElement.closest('article')?.id === 'v5'");
        (await page.EvaluateAsync("document.querySelector('#v5 .mark').textContent")).GetString().ShouldBe("Kept · 4 of 5");
        (await page.EvaluateAsync("document.querySelectorAll('dialog video').length")).GetInt32().ShouldBe(0);
        page.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Decisions_survive_a_reload_until_the_page_shows_newer_ones()
    {
        Browser browser = await shared.OpenAsync();
        GalleryBatch batch = await TakesAsync(rows: 2, takes: 2);
        (batch.Items[0].Video.Verdict, batch.Items[0].Video.Rating, batch.Items[0].Video.Note) = ("Kept", 5, "before");
        BrowserPage page = await browser.NewPageAsync();
        await page.OpenAsync(batch.Write("Film"));
        await page.UntilAsync(Ready);
        (await MarksAsync(page)).ShouldBe(["Kept · 5 of 5", "", "", ""]);
        await page.PressAsync("ArrowRight", "ArrowRight", 39);
        await KeyAsync(page, 'u');
        await KeyAsync(page, '2');
        await page.PressAsync("ArrowRight", "ArrowRight", 39);
        await KeyAsync(page, 'x');
        await page.PressAsync("ArrowRight", "ArrowRight", 39);
        await KeyAsync(page, 'k');
        string[] decided = ["2 of 5", "Rejected", "Kept", ""];
        (await MarksAsync(page)).ShouldBe(decided);
        await page.OpenAsync(batch.Page);
        await page.UntilAsync(Ready);
        (await MarksAsync(page)).ShouldBe(decided);
        (await page.EvaluateAsync(Judged)).GetString().ShouldBe("2 of 4 decided: 1 kept, 1 rejected · 3 not saved yet");

        // The ledger got one of them and something else for another.
        batch.Items[1].Video.Verdict = "Rejected";
        batch.Items[2].Video.Note = "from elsewhere";
        await page.OpenAsync(batch.Write("Film"));
        await page.UntilAsync(Ready);
        (await MarksAsync(page)).ShouldBe(["2 of 5", "Rejected", "", ""]);
        (await page.EvaluateAsync(Judged)).GetString().ShouldBe("1 of 4 decided: 0 kept, 1 rejected · 1 not saved yet");
        page.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_storage_the_page_works_and_says_that_decisions_are_not_kept()
    {
        Browser browser = await shared.OpenAsync();
        GalleryBatch batch = await TakesAsync(rows: 1, takes: 2);
        BrowserPage page = await browser.NewPageAsync();
        await page.CallAsync("Page.addScriptToEvaluateOnNewDocument", new JsonObject
        {
            ["source"] = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } });",
        });
        await page.OpenAsync(batch.Write("Film"));
        await page.UntilAsync(Ready);
        await page.PressAsync("ArrowRight", "ArrowRight", 39);
        await KeyAsync(page, 'k');
        (await page.EvaluateAsync(Judged)).GetString().ShouldEndWith("(this browser does not keep them when you close the page)");
        await page.EvaluateAsync("document.getElementById('save').click()");
        (await page.EvaluateAsync(Judged)).GetString().ShouldBe("1 of 2 decided: 1 kept, 0 rejected");
        page.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_large_view_moves_by_arrow_keys_copies_and_returns_to_the_video()
    {
        Browser browser = await shared.OpenAsync();
        GalleryBatch batch = await TakesAsync(rows: 2, takes: 2);
        string picture = Folder.Of("source's.png");
        await File.WriteAllBytesAsync(picture, Convert.FromBase64String(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="));
        Video video = batch.Items[1].Video;
        (video.Image, video.Prompt, video.Duration) = (picture, "It's a kite", null);
        (batch.Items[0].Video.Image, batch.Items[0].Video.Prompt) = ("https://media.example/remote.png", "It's a kite");
        BrowserPage page = await browser.NewPageAsync();
        await page.OpenAsync(batch.Write("Film"));
        await page.UntilAsync(Ready);
        await page.EvaluateAsync("navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); }");
        await page.PressAsync("ArrowRight", "ArrowRight", 39);
        await page.PressAsync("Enter", "Enter", 13, "\r");
        await page.UntilAsync("document.querySelector('dialog.viewer').open && document.querySelector('.viewer video').currentTime > 0.1");
        (await page.TextsAsync("[...document.querySelectorAll('.viewer .source')].map(part => part.className)")).ShouldBeEmpty();
        (await page.TextsAsync("[...document.querySelectorAll('.viewer .more a')].map(link => link.textContent)"))
            .ShouldContain("https://media.example/remote.png");
        await page.PressAsync("ArrowRight", "ArrowRight", 39);
        await page.UntilAsync("document.querySelector('.viewer .at').textContent === '2 of 4'");
        await page.UntilAsync("document.querySelector('.viewer figure.source img').naturalWidth > 0");
        await page.UntilAsync("document.querySelector('#v2 .source').getBoundingClientRect().width > 0");
        (await page.TextsAsync("[...document.querySelectorAll('.viewer time')].map(time => time.title + (time.textContent !== time.title))"))
            .ShouldBe(["2 Jan 2026, 09:00:01 UTCtrue"]);
        await ClickAsync("Copy prompt");
        (await page.EvaluateAsync("copied")).GetString().ShouldBe("It's a kite");
        await ClickAsync("Copy command");
        (await page.EvaluateAsync("copied")).GetString().ShouldBe(
            "New-ChuiziVideo -Prompt 'It''s a kite' -Model 'google/veo-3.1-lite' -AspectRatio '16:9' -Resolution '720P' "
                + $"-Image '{picture.Replace("'", "''", StringComparison.Ordinal)}'");
        (await page.EvaluateAsync("document.querySelector('.viewer a.button').download")).GetString().ShouldBe("1-2.mp4");
        await KeyAsync(page, 'k');
        (await page.EvaluateAsync("document.querySelector('.viewer .keep').ariaPressed")).GetString().ShouldBe("true");
        await KeyAsync(page, 'n');
        await page.TypeAsync("x k 1");
        await page.PressAsync("Escape", "Escape", 27);
        (await page.EvaluateAsync("document.querySelector('dialog.viewer').open")).GetBoolean().ShouldBeTrue("Esc leaves the note first");
        await page.PressAsync("ArrowLeft", "ArrowLeft", 37);
        await page.PressAsync("ArrowRight", "ArrowRight", 39);
        await page.PressAsync("Escape", "Escape", 27);
        await page.UntilAsync("document.activeElement.closest('article')?.id === 'v2'");
        (await page.EvaluateAsync("document.querySelector('#v2 .said').textContent")).GetString().ShouldBe("x k 1");
        await page.EvaluateAsync("document.getElementById('copy').click()");
        (await page.EvaluateAsync("copied")).GetString().ShouldBe(video.Path + "\n");
        page.Problems.ShouldBeEmpty();
        page.Requests.ShouldNotContain(address => address.Contains("media.example", StringComparison.Ordinal));

        Task ClickAsync(string text) => page.EvaluateAsync(
            $"[...document.querySelectorAll('.viewer button')].find(button => button.textContent === '{text}').click()");
    }

    [Fact]
    public async Task Columns_filter_and_group_and_decisions_do_too()
    {
        Browser browser = await shared.OpenAsync();
        GalleryBatch batch = await TakesAsync(rows: 3, takes: 2);
        foreach ((var item, int at) in batch.Items.Select((item, at) => (item, at)))
        {
            item.Columns["Project"] = at < 2 ? "Spring" : at < 5 ? "<b>Autumn</b>" : "";
        }

        BrowserPage page = await browser.NewPageAsync();
        await page.OpenAsync(batch.Write("Film"));
        await page.UntilAsync(Ready);
        (await HeadsAsync()).ShouldBe(["Row 1: 2 videos", "Row 2: 2 videos", "Row 3: 2 videos"]);
        await ChooseAsync("select[name=column]", "0");
        await page.UntilAsync("document.getElementById('count').textContent === '2 of 6 shown'");
        (await HeadsAsync()).ShouldBe(["Row 1: 2 videos"]);
        await ChooseAsync("select[name=column]", "-");
        await page.UntilAsync("document.getElementById('count').textContent === '1 of 6 shown'");
        await ChooseAsync("select[name=column]", "all");
        await ChooseAsync("#group", "0");
        (await HeadsAsync()).ShouldBe(["Spring: 2 videos", "<b>Autumn</b>: 3 videos", "blank: 1 video"]);
        await ChooseAsync("#group", "none");
        (await HeadsAsync()).ShouldBeEmpty();

        // With a filter for undecided videos, a decision hides the video and the focus goes to the next.
        await page.EvaluateAsync("document.querySelector('input[value=None]').click()");
        await page.PressAsync("Tab", "Tab", 9);
        await page.EvaluateAsync("document.querySelector('#v1 .opener').focus()");
        await KeyAsync(page, 'k');
        await KeyAsync(page, 'x');
        (await page.EvaluateAsync("document.activeElement.closest('article').id")).GetString().ShouldBe("v3");
        (await page.EvaluateAsync("document.getElementById('count').textContent")).GetString().ShouldBe("4 of 6 shown");
        page.Problems.ShouldBeEmpty();

        Task ChooseAsync(string select, string value) => page.EvaluateAsync(
            $"(() => {{ const s = document.querySelector('{select}'); s.value = '{value}'; s.dispatchEvent(new Event('change')); }})()");

        Task<string[]> HeadsAsync() => page.TextsAsync(
            "[...document.querySelectorAll('.head:not([hidden])')].map(head => "
                + "`${head.querySelector('h3').textContent}: ${head.querySelector('.members').textContent}`)");
    }

    [Fact]
    public async Task A_preview_plays_under_the_pointer_unless_motion_is_reduced()
    {
        Browser browser = await shared.OpenAsync();
        GalleryBatch batch = await TakesAsync(rows: 1, takes: 3);
        BrowserPage page = await browser.NewPageAsync();
        await page.EmulateAsync();
        await page.OpenAsync(batch.Write("Film"));
        await page.UntilAsync(Ready);
        await page.EvaluateAsync("window.films = [...document.querySelectorAll('#videos video')]");
        await PointAsync(1);
        await page.CallAsync("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray() });
        await PointAsync(2);
        await page.UntilAsync("!films[1].paused && films[1].muted && films[1].currentTime > 0");
        await PointAsync(3);
        await page.UntilAsync("films[1].paused && films[1].currentTime < 0.1 && !films[2].paused");
        (await page.CountAsync("films[0].played.length")).ShouldBe(0);

        async Task PointAsync(int number)
        {
            JsonElement place = await page.EvaluateAsync(
                $"(({{ left, top }}) => [left + 40, top + 80])(document.querySelector('#v{number}').getBoundingClientRect())");
            await page.CallAsync("Input.dispatchMouseEvent", new JsonObject
            {
                ["type"] = "mouseMoved", ["x"] = place[0].GetDouble(), ["y"] = place[1].GetDouble(),
            });
        }
    }

    [Fact]
    public async Task The_pictures_of_the_review_guide_show_this_page()
    {
        Browser browser = await shared.OpenAsync();
        GalleryBatch batch = await TakesAsync(rows: 3, takes: 3, seconds: 4, isVaried: true);
        string[] prompts = ["A red kite over a lake, slow aerial shot", "A paper boat in the gutter", "Rain drums on a tin roof, macro"];
        foreach ((var item, int at) in batch.Items.Select((item, at) => (item, at)))
        {
            item.Video.Prompt = prompts[at / 3];
        }

        BrowserPage page = await browser.NewPageAsync(height: 860);
        await page.EmulateAsync();
        await page.OpenAsync(batch.Write("Film"));
        await page.UntilAsync(Ready);
        foreach (char key in ">k4>x>k5>x>k3>>2")
        {
            await (key == '>' ? page.PressAsync("ArrowRight", "ArrowRight", 39) : KeyAsync(page, key));
        }

        await page.EvaluateAsync("scrollTo(0, 0); document.querySelector('#v2 .opener').focus({ preventScroll: true })");
        await page.UntilAsync("[...document.querySelectorAll('video')].slice(0, 6).every(video => video.readyState >= 2 && !video.seeking)");
        await SaveAsync("review-grid.png");
        await KeyAsync(page, 'c');
        await page.UntilAsync("[...document.querySelectorAll('.compare video')].every(video => video.readyState >= 2 && !video.seeking)");
        await SaveAsync("review-compare.png");

        async Task SaveAsync(string name)
        {
            byte[] picture = await page.PictureAsync();
            picture.Length.ShouldBeInRange(10_000, 150_000);
            bool isWanted = Environment.GetEnvironmentVariable("CHUIZI_TEST_SCREENSHOT") == "1";
            await File.WriteAllBytesAsync(isWanted ? Repository.PathOf("docs", "guides", name) : Folder.Of(name), picture);
        }
    }

    private async Task<GalleryBatch> TakesAsync(int rows, int takes, int seconds = 1, bool isVaried = false)
    {
        GalleryBatch batch = new(Start(new SandboxOptions { GenerationTime = TimeSpan.Zero }), Folder);
        for (int row = 1; row <= rows; row++)
        {
            for (int take = 1; take <= takes; take++)
            {
                string look = isVaried ? $"{row} {take}" : "x";
                Video video = await batch.SaveAsync($"Row {row}", $"{row}-{take}.mp4", seconds: seconds, look: look);
                (video.Row, video.Take, video.Origin, video.Ledger) = (row, take, "https://api.chuizi.ai", "/film.jsonl");
            }
        }

        return batch;
    }

    private Task<JsonElement> DownloadsAsync(Browser browser) => browser.CallAsync("Browser.setDownloadBehavior", new JsonObject
    {
        ["behavior"] = "allow", ["downloadPath"] = Folder.Of("downloads"),
    });

    private async Task<JsonArray> SavedAsync()
    {
        string file = Path.Combine(Folder.Of("downloads"), "decisions.json");
        using CancellationTokenSource patience = new(Eventually.Patience);
        while (!File.Exists(file) || new FileInfo(file).Length == 0)
        {
            await Task.Delay(20, patience.Token);
        }

        return JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsArray();
    }

    private static Task KeyAsync(BrowserPage page, char key) => page.PressAsync(
        key.ToString(), char.IsAsciiDigit(key) ? $"Digit{key}" : $"Key{char.ToUpperInvariant(key)}", char.ToUpperInvariant(key), key.ToString());

    private static Task<string[]> MarksAsync(BrowserPage page) =>
        page.TextsAsync("[...document.querySelectorAll('.card .mark')].map(mark => mark.textContent)");
}
