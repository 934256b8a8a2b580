BeforeDiscovery {
    $hasThreadJobs = [bool] (Get-Command Start-ThreadJob -ErrorAction Ignore)
}

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $sandbox = Start-ChuiziVideoSandbox -GenerationTime 0
    $video = [pscustomobject]@{ Prompt = 'a lake'; Duration = 4; Slug = 'lake' } | New-ChuiziVideo
    $work = {
        param($module, $address, $key, $destination)
        Import-Module $module
        Connect-ChuiziVideo -BaseUri $address -ApiKey $key
        $input | Wait-ChuiziVideo | Save-ChuiziVideo -Destination $destination -FileName { $_.Input.Slug }
    }
}

AfterAll {
    Stop-ChuiziVideoSandbox
}

Describe 'A job in another process' {
    It 'accepts a video, and returns it complete' {
        $job = Start-Job $work -ArgumentList $moduleFolder, $sandbox.BaseAddress, $sandbox.ApiKey, "$TestDrive/job" -InputObject $video
        $result = $job | Receive-Job -Wait -AutoRemoveJob -ErrorAction Stop
        $result.PSObject.TypeNames[0] | Should -Be 'Deserialized.Chuizi.Video.Video'
        $result.Id | Should -Be $video.Id
        $result.Status | Should -Be 'succeeded'
        $result.Path | Should -Exist
        Split-Path $result.Path -Leaf | Should -Be 'lake.mp4'
        $result.Cost | Should -BeOfType [decimal]
        $result.Created | Should -BeOfType [datetime]
        $result.Input.Slug | Should -Be 'lake'

        # The returned video can be piped on in this session.
        $again = $result | Save-ChuiziVideo -Destination $TestDrive/back
        $again.Sha256 | Should -Be $result.Sha256
        $again.Path | Should -Exist
    }

    It 'accepts an id' {
        $id = $video.Id
        $job = Start-Job { Import-Module $using:moduleFolder; Connect-ChuiziVideo ($using:sandbox).ApiKey -BaseUri ($using:sandbox).BaseAddress; Wait-ChuiziVideo $using:id | Save-ChuiziVideo "$using:TestDrive/id" }
        $result = $job | Receive-Job -Wait -AutoRemoveJob -ErrorAction Stop
        Split-Path $result.Path -Leaf | Should -Be "$id.mp4"
        $result.Path | Should -Exist
    }

    It 'uses the connection from the environment, and returns a video that can be piped on here' {
        $env:CHUIZI_API_KEY = $sandbox.ApiKey
        $env:CHUIZI_BASE_URL = $sandbox.BaseAddress
        $env:CHUIZI_LEDGER = 'off'
        try {
            $job = Start-Job { Import-Module $using:moduleFolder; New-ChuiziVideo 'a hill' -Duration 4; (Get-ChuiziVideoAccount).BaseAddress }
            $made, $address = $job | Receive-Job -Wait -AutoRemoveJob -ErrorAction Stop
        }
        finally {
            $env:CHUIZI_API_KEY = $null
            $env:CHUIZI_BASE_URL = $null
            $env:CHUIZI_LEDGER = $null
        }

        $address | Should -Be $sandbox.BaseAddress
        $made.Status | Should -Be 'processing'
        $saved = $made | Wait-ChuiziVideo | Save-ChuiziVideo -Destination $TestDrive/environment
        $saved.Path | Should -Exist
        $saved.Prompt | Should -Be 'a hill'
    }

    It 'accepts the key as a SecureString in a splatted hashtable' {
        $connection = @{ ApiKey = ConvertTo-SecureString $sandbox.ApiKey -AsPlainText; BaseUri = $sandbox.BaseAddress }
        $job = Start-Job { Import-Module $using:moduleFolder; Connect-ChuiziVideo @using:connection; Get-ChuiziVideo $using:video.Id }
        ($job | Receive-Job -Wait -AutoRemoveJob -ErrorAction Stop).Id | Should -Be $video.Id
    }

    It 'returns errors with their ids, and a failed video with its reason' {
        $failed = New-ChuiziVideo 'forbidden'
        $job = Start-Job $work -ArgumentList $moduleFolder, $sandbox.BaseAddress, $sandbox.ApiKey, "$TestDrive/failed" -InputObject $failed
        $result = $job | Receive-Job -Wait -AutoRemoveJob -ErrorAction SilentlyContinue -ErrorVariable problems
        $result.Error.Message | Should -Be 'Content policy violation'
        $problems.FullyQualifiedErrorId | Should -Be 'GenerationFailed,Chuizi.Video.Module.Commands.WaitChuiziVideoCommand'
        $problems.TargetObject.Id | Should -Be $failed.Id
    }

    It 'returns videos that the gallery accepts' {
        $job = Start-Job $work -ArgumentList $moduleFolder, $sandbox.BaseAddress, $sandbox.ApiKey, "$TestDrive/paged" -InputObject $video
        $page = $job | Receive-Job -Wait -AutoRemoveJob -ErrorAction Stop | Export-ChuiziVideoGallery $TestDrive/page
        $page | Should -FileContentMatch 'paged/lake\.mp4'
    }
}

Describe 'Another process' {
    It 'uses the connection from the environment' {
        $env:CHUIZI_API_KEY = $sandbox.ApiKey
        $env:CHUIZI_BASE_URL = $sandbox.BaseAddress
        try {
            $run = Invoke-Pwsh "Import-Module '$moduleFolder'; Wait-ChuiziVideo $($video.Id) | Save-ChuiziVideo '$TestDrive/process' | ForEach-Object Path; exit 5"
        }
        finally {
            $env:CHUIZI_API_KEY = $null
            $env:CHUIZI_BASE_URL = $null
        }

        $run.Code | Should -Be 5
        $run.Lines | Should -HaveCount 1
        $run.Lines[0] | Should -Exist
    }
}

Describe 'A thread job' -Skip:(-not $hasThreadJobs) {
    It 'does not use the connection of another runspace, and reports NotConnected' {
        $job = Start-ThreadJob { Import-Module $using:moduleFolder; Get-ChuiziVideo ($using:video).Id }
        { $job | Receive-Job -Wait -AutoRemoveJob -ErrorAction Stop } | Should -Throw -ErrorId 'NotConnected,*'
    }

    It 'accepts live videos with its own connection' {
        $job = Start-ThreadJob $work -ArgumentList $moduleFolder, $sandbox.BaseAddress, $sandbox.ApiKey, "$TestDrive/thread" -InputObject $video
        $result = $job | Receive-Job -Wait -AutoRemoveJob -ErrorAction Stop
        $result.PSObject.TypeNames[0] | Should -Be 'Chuizi.Video.Video'
        $result.Path | Should -Exist
    }
}

Describe 'A video in a file' {
    It 'survives Export-Clixml' {
        $failed = New-ChuiziVideo 'forbidden' | Wait-ChuiziVideo -ErrorAction SilentlyContinue
        $failed | Export-Clixml $TestDrive/video.xml
        $back = Import-Clixml $TestDrive/video.xml
        $back.Error.Message | Should -Be 'Content policy violation'
        $back.Status | Should -Be 'failed'
        ($back | Get-ChuiziVideo).Id | Should -Be $failed.Id
    }
}
