BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $sandbox = Start-ChuiziVideoSandbox -GenerationTime 0
    $connect = "Import-Module '$moduleFolder'; Connect-ChuiziVideo '$($sandbox.ApiKey)' -BaseUri '$($sandbox.BaseAddress)'; Set-Location '$TestDrive'"
    function Get-Balance { (Get-ChuiziVideoAccount).Balance }
    Set-Content $TestDrive/list.csv 'Prompt,Duration,FileName', 'a lake,4,lake', 'a forbidden hill,4,hill', 'a lake,4,lake', 'a sea,8,sea'
}

AfterAll {
    Stop-ChuiziVideoSandbox
}

Describe 'A list with a ledger' {
    It 'is resumed by another process, which re-submits nothing' {
        $run = 'Import-Csv list.csv | New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo | Save-ChuiziVideo out | ForEach-Object { "$($_.Input.FileName) $($_.Status) $(Split-Path $_.Path -Leaf)" }'
        $start = Get-Balance
        $first = Invoke-Console "$connect; $run"
        "$($first.Lines)" | Should -Match 'Content policy violation'
        $spent = $start - (Get-Balance)
        $second = Invoke-Pwsh "$connect; $run"
        $start - (Get-Balance) | Should -Be $spent
        $results = @($second.Lines | Where-Object { $_ -match '^(lake|sea|hill) ' } | Sort-Object)
        $results | Should -Be 'hill failed ', 'lake succeeded lake (2).mp4', 'lake succeeded lake.mp4', 'sea succeeded sea.mp4'
        "$($second.Lines)" | Should -Match 'Failed in an earlier run: row 2\.'
        Get-ChildItem $TestDrive/out | Should -HaveCount 3
    }

    It 'is shared by parallel runspaces, which send no row twice' {
        $videos = 1..6 | ForEach-Object -ThrottleLimit 6 -Parallel {
            Import-Module $using:moduleFolder
            Connect-ChuiziVideo $using:sandbox.ApiKey -BaseUri $using:sandbox.BaseAddress
            1..20 | ForEach-Object { "parallel $_" } | New-ChuiziVideo -Ledger "$using:TestDrive/shared.jsonl" -Duration 4 -ErrorAction SilentlyContinue
        }
        $ids = @($videos | Where-Object Id).Id | Sort-Object -Unique
        $ids | Should -HaveCount 20
        @(Get-ChuiziVideo -Ledger $TestDrive/shared.jsonl).Id | Sort-Object | Should -Be $ids
    }

    It 'lists every submission after Ctrl+C in New-ChuiziVideo' -Skip:$IsWindows {
        # A process that a shell script starts in the background ignores SIGINT, and so do its children. Bit 1 of the mask is signal 2.
        $ignored = (Test-Path /proc/self/status) ? (Get-Content /proc/self/status | Select-String '^SigIgn:\s+(\w+)').Matches.Groups[1].Value : '0'
        if ([Convert]::ToUInt64($ignored, 16) -band 2) {
            Set-ItResult -Skipped -Because 'this process was started so that it ignores SIGINT'
            return
        }

        $script = "$connect; 1..2000 | ForEach-Object { ""stopped `$_"" } | New-ChuiziVideo -Duration 4 -ThrottleLimit 2 -Ledger stopped.jsonl | Out-Null"
        $process = [Diagnostics.Process]::Start((New-PwshStart '-Command', $script "$TestDrive"))
        while (-not (Test-Path $TestDrive/stopped.jsonl) -or (Get-Item $TestDrive/stopped.jsonl).Length -lt 20kb) { Start-Sleep -Milliseconds 20 }
        & kill -INT $process.Id
        $process.WaitForExit(120000) | Should -BeTrue
        $left = Get-ChuiziVideo -Ledger $TestDrive/stopped.jsonl
        $left.Count | Should -BeLessThan 2000
        $left | Where-Object Status -eq 'unknown' | Should -BeNullOrEmpty
        @($left | Where-Object Id | Get-ChuiziVideo).Count | Should -Be @($left | Where-Object Id).Count
    }
}

Describe '-WhatIf' {
    It 'prints one line per row and a total' {
        $run = Invoke-Console "$connect; Import-Csv list.csv | New-ChuiziVideo -WhatIf -MaxCost 0.3; 'no length' | New-ChuiziVideo -WhatIf; 'new' | New-ChuiziVideo -Model new/model -WhatIf -WarningAction Ignore"
        $run.Lines | Should -Be @(
            "What if: Performing the operation ""Submit video (billed)"" on target ""Row 1: 'a lake' with google/veo-3.1-lite, 4 s, file name 'lake', `$0.12""."
            "What if: Performing the operation ""Submit video (billed)"" on target ""Row 2: 'a forbidden hill' with google/veo-3.1-lite, 4 s, file name 'hill', `$0.12""."
            "What if: Performing the operation ""Submit video (billed)"" on target ""Row 3: 'a lake' with google/veo-3.1-lite, 4 s, file name 'lake', `$0.12""."
            "What if: Performing the operation ""Submit video (billed)"" on target ""Row 4: 'a sea' with google/veo-3.1-lite, 8 s, file name 'sea', `$0.24""."
            'What if: Total: 4 videos to submit, $0.60 estimated. 4 with google/veo-3.1-lite ($0.60). -MaxCost $0.30 covers 2 of them ($0.00 is already spent or committed to videos in progress).'
            "What if: Performing the operation ""Submit video (billed)"" on target ""Row 1: 'no length' with google/veo-3.1-lite, at most `$0.24""."
            'What if: Total: 1 video to submit, at most $0.24. 1 with google/veo-3.1-lite (at most $0.24).'
            "What if: Performing the operation ""Submit video (billed)"" on target ""Row 1: 'new' with new/model, price unknown""."
            'What if: Total: 1 video to submit, price unknown. 1 with new/model (price unknown). Price unknown: new/model without a duration (1).'
        )
    }

    It 'with a ledger counts the recorded rows, and writes nothing' {
        'a lake', 'a wood' | New-ChuiziVideo -Duration 4 -Ledger $TestDrive/whatif.jsonl
        $before = Get-FileHash $TestDrive/whatif.jsonl
        $run = Invoke-Console "$connect; 'a lake', 'a wood', 'a rock' | New-ChuiziVideo -Duration 4 -Ledger whatif.jsonl -WhatIf"
        $run.Lines[-1] | Should -Be 'What if: Total: 1 video to submit, $0.12 estimated. 1 with google/veo-3.1-lite ($0.12). 2 rows recorded in the ledger will not be submitted again.'
        (Get-FileHash $TestDrive/whatif.jsonl).Hash | Should -Be $before.Hash
        Invoke-Console "$connect; 'x' | New-ChuiziVideo -Ledger none.jsonl -WhatIf"
        Test-Path $TestDrive/none.jsonl | Should -BeFalse
    }
}
