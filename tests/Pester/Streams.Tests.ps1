BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $start = "Import-Module '$moduleFolder'; `$null = Start-ChuiziVideoSandbox -GenerationTime 0"
}

Describe 'Verbose and debug lines' {
    It 'show each request and its bodies' {
        $run = Invoke-Console "$start; New-ChuiziVideo 'a lake' -Verbose -Debug | Out-Null"
        $run.Code | Should -Be 0
        $run.Lines -match '^VERBOSE: POST /videos/generations: 200 in \d+ ms, attempt 1, request \w+$' | Should -HaveCount 1
        $run.Lines -match '^DEBUG: POST /videos/generations, attempt 1, sent: \{"model":"google/veo-3.1-lite","prompt":"a lake"\}$' | Should -HaveCount 1
        $run.Lines -match '^DEBUG: POST /videos/generations, attempt 1, received 200: \{"id":' | Should -HaveCount 1
    }

    It 'do not prompt' {
        $run = Invoke-Console "$start; New-ChuiziVideo 'a lake' -Debug | Wait-ChuiziVideo -Debug | ForEach-Object Status"
        $run.Lines[-1] | Should -Be 'succeeded'
        $run.Lines -match 'Confirm|Continue with' | Should -BeNullOrEmpty
    }
}

Describe 'Progress' {
    It 'is not in redirected output' {
        $run = Invoke-Console "Import-Module '$moduleFolder'; `$null = Start-ChuiziVideoSandbox -GenerationTime 1; 'a', 'b' | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo -Destination '$TestDrive/videos' -Summary | ForEach-Object ToString"
        $run.Lines | Should -HaveCount 1
        $run.Lines[0] | Should -Match '^2 videos: 2 saved; cost \$0\.30, elapsed \d+s$'
    }

    It 'is not shown in a job, which has no console' {
        $job = Start-Job { Import-Module $using:moduleFolder; $null = Start-ChuiziVideoSandbox -GenerationTime 1; 'a' | New-ChuiziVideo | Wait-ChuiziVideo }
        ($job | Receive-Job -Wait -ErrorAction Stop).Status | Should -Be 'succeeded'
        # PowerShell may show its own progress bar during the import of a module.
        @($job.ChildJobs[0].Progress.Activity) -match 'videos' | Should -BeNullOrEmpty
        $job | Remove-Job
    }
}

Describe 'A transcript' {
    It 'does not hold the key, though all streams are in it' {
        $key = 'ck-' + 'Zq7x' * 8
        $script = "$TestDrive/session.ps1"
        Set-Content $script @'
param($module, $transcript, $destination)
Import-Module $module
$VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
$null = Start-Transcript $transcript
$secure = ConvertTo-SecureString $env:TEST_KEY -AsPlainText
$sandbox = Start-ChuiziVideoSandbox -GenerationTime 0
Connect-ChuiziVideo $secure -BaseUri $sandbox.BaseAddress -ErrorAction Continue
Connect-ChuiziVideo $env:TEST_KEY -BaseUri "http://$($sandbox.BaseAddress.Host):1" -ErrorAction Continue
Connect-ChuiziVideo $sandbox.ApiKey -BaseUri $sandbox.BaseAddress -PassThru
'a', 'forbidden' | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo -Destination $destination -Sidecar
$Error | Format-List * -Force
$null = Stop-Transcript
'@
        $run = Invoke-Console "& '$script' '$moduleFolder' '$TestDrive/transcript.txt' '$TestDrive/saved'" -Environment @{ TEST_KEY = $key }
        $transcript = Get-Content -Raw $TestDrive/transcript.txt
        foreach ($text in 'InvalidApiKey', 'GenerationFailed', 'DEBUG: POST', 'succeeded') {
            $transcript | Should -Match $text
        }

        $transcript | Should -Not -Match $key
        $run.Lines -match $key | Should -BeNullOrEmpty
    }
}

Describe 'The common parameters' {
    BeforeAll {
        Start-ChuiziVideoSandbox -GenerationTime 0 | Out-Null
    }

    AfterAll {
        Stop-ChuiziVideoSandbox
    }

    It 'hold what their streams received' {
        $states = 'a', 'forbidden', 'c' | New-ChuiziVideo -OutVariable made -PipelineVariable video |
            Wait-ChuiziVideo -OutVariable ended -ErrorVariable wrong -ErrorAction SilentlyContinue |
            ForEach-Object { $_.Status }
        $made.Count, $ended.Count, $wrong.Count | Should -Be 3, 3, 1
        $states | Sort-Object | Should -Be 'failed', 'succeeded', 'succeeded'
    }

    It 'do not prevent redirection' {
        'forbidden' | New-ChuiziVideo | Wait-ChuiziVideo -ErrorAction Continue 2> $TestDrive/errors.txt | Out-Null
        Get-Content -Raw $TestDrive/errors.txt | Should -Match 'Content policy violation'
        $all = @(New-ChuiziVideo 'a' -Verbose *>&1)
        $all.Where({ $_ -is [Management.Automation.VerboseRecord] -and "$_" -like 'POST *' }).Count | Should -Be 1
    }

    It 'allow Select-Object to end the pipeline early' {
        $ids = 1..50 | ForEach-Object { "p$_" } | New-ChuiziVideo | ForEach-Object Id
        @($ids | Wait-ChuiziVideo -ThrottleLimit 2 | Select-Object -First 1) | Should -HaveCount 1
    }
}
